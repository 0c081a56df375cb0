package dev.lanyard.server.export;

import dev.lanyard.server.export.ExportConfig.Target;
import java.util.Optional;
import java.util.ServiceLoader;

/// Makes sinks for Kafka. The optional module `kafka` does it, so that nobody has the client of
/// Kafka on the class path who does not send there; it is found as a service.
public interface KafkaSinks {
  /// The module, if it is on the class path.
  static Optional<KafkaSinks> installed() {
    return ServiceLoader.load(KafkaSinks.class).findFirst();
  }

  /// A sink that connects when it first sends.
  ///
  /// @param source the installation, by its issuer
  Sink open(Target.Kafka target, Format format, String source);
}
