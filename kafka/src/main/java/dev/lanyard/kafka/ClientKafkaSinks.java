package dev.lanyard.kafka;

import dev.lanyard.server.export.ExportConfig.Target;
import dev.lanyard.server.export.Format;
import dev.lanyard.server.export.KafkaSinks;
import dev.lanyard.server.export.Sink;

/// Sinks by the client of the Kafka project; the server finds this class as a service.
public final class ClientKafkaSinks implements KafkaSinks {
  @Override
  public Sink open(Target.Kafka target, Format format, String source) {
    return new KafkaSink(target, new Messages(target.topic(), format, source));
  }
}
