package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.oauth.ClientId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/// Our own transmitter.
///
/// @param receivers who may have a stream
/// @param minVerification no verification is asked for more often
/// @param subjectsByDefault whether a stream tells of everybody whom its receiver did not remove
public record TransmitterConfig(
    List<Receiver> receivers, Duration minVerification, boolean subjectsByDefault) {
  /// A minute.
  public static final Duration MIN_VERIFICATION = Duration.ofMinutes(1);

  public TransmitterConfig {
    receivers = List.copyOf(receivers);
    var clients = new HashSet<ClientId>();
    for (var receiver : receivers) {
      if (receiver.client().filter(id -> !clients.add(id)).isPresent()) {
        throw new IllegalArgumentException(
            "signals.transmitter.receivers.client_id of "
                + receiver.name()
                + " is another receiver's, too");
      }
    }
  }
}
