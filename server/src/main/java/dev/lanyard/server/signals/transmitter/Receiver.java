package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.SecretHash;
import java.util.List;
import java.util.Optional;

/// Somebody who may have a stream of our events.
///
/// @param tokens of its bearer tokens that were agreed on and do not expire; two while one is
///   replaced by another
/// @param client which client of the broker's it is, that gets access tokens for its stream
/// @param audience what we call it in `aud`
/// @param byEmail whether people are named by their address, where they have one
/// @param mayManage whether it may change its stream, or only read
public record Receiver(
    String name,
    List<SecretHash> tokens,
    Optional<ClientId> client,
    String audience,
    boolean byEmail,
    boolean mayManage) {
  public Receiver {
    tokens = List.copyOf(tokens);
    if (tokens.isEmpty() && client.isEmpty()) {
      throw new IllegalArgumentException(
          "signals.transmitter.receivers: " + name + " has neither token_hashes nor client_id");
    }
  }
}
