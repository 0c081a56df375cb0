package dev.lanyard.server.signals;

import dev.lanyard.server.signals.inbound.CallerConfig;
import dev.lanyard.server.signals.inbound.SourceConfig;
import dev.lanyard.server.signals.outbound.RevocationTarget;
import dev.lanyard.server.signals.transmitter.Receiver;
import dev.lanyard.server.signals.transmitter.TransmitterConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Whom we listen to and whom we tell. Empty lists listen to nobody and tell nobody.
///
/// @param sources transmitters of security events
/// @param transmitter our own transmitter, if there is one
/// @param callers who may call for a global token revocation
/// @param targets whom we call for one
public record SignalsConfig(
    List<SourceConfig> sources,
    Optional<TransmitterConfig> transmitter,
    List<CallerConfig> callers,
    List<RevocationTarget> targets) {
  /// Listens to nobody and tells nobody.
  public static final SignalsConfig NONE =
      new SignalsConfig(List.of(), Optional.empty(), List.of(), List.of());

  /// @throws IllegalArgumentException if a name is used twice
  public SignalsConfig {
    sources = List.copyOf(sources);
    callers = List.copyOf(callers);
    targets = List.copyOf(targets);
    unique("receivers", sources.stream().map(SourceConfig::name).toList());
    transmitter.ifPresent(own ->
        unique("transmitter.receivers", own.receivers().stream().map(Receiver::name).toList()));
    unique("gtr.callers", callers.stream().map(CallerConfig::name).toList());
    unique("gtr.targets", targets.stream().map(RevocationTarget::name).toList());
  }

  private static void unique(String section, List<String> names) {
    var seen = new HashSet<String>();
    for (var name : names) {
      if (!name.matches("[a-z0-9-]{1,40}")) {
        throw new IllegalArgumentException(
            "signals."
                + section
                + ".name must be lower-case letters, digits and '-', not '"
                + name
                + "'");
      }
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "signals." + section + ".name '" + name + "' is there twice");
      }
    }
  }
}
