package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.token.OpaqueClientTokens;
import dev.lanyard.server.token.OpaqueTokenGrant;
import dev.lanyard.server.token.OpaqueTokenGrant.Standing;
import dev.lanyard.server.token.TokenResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The receivers of our streams that are OAuth clients: which may have an access token for its
/// stream, and whose a token is (SSF-16). `ssf.read` is to read and fetch, `ssf.manage` for
/// everything.
final class ReceiverClients {
  static final String READ = "ssf.read";
  static final String MANAGE = "ssf.manage";

  static final OpaqueClientTokens.Kind TOKENS =
      new OpaqueClientTokens.Kind(
          "lanyard_ssfat_", "signal_access_token", "receiver", Map.of(MANAGE, "manages"));

  private final List<Receiver> receivers;
  private final OpaqueClientTokens tokens;

  ReceiverClients(List<Receiver> receivers, OpaqueClientTokens tokens) {
    this.receivers = List.copyOf(receivers);
    this.tokens = tokens;
  }

  /// @param base the URL below which streams are
  OpaqueTokenGrant grant(String base) {
    return new OpaqueTokenGrant(
        new OpaqueTokenGrant.Service(
            "stream.token-issued", base, "receiver", "SSF-16", this::standing),
        tokens);
  }

  private Standing standing(Client client) {
    return of(client.id())
        .filter(_ -> client.isConfidential())
        .<Standing>map(receiver ->
            new Standing.Holder(
                receiver.name(), receiver.mayManage() ? Scopes.of(READ, MANAGE) : Scopes.of(READ)))
        .orElseGet(() ->
            new Standing.NotOne(
                TokenResult.Refused.of(
                    ErrorCode.UNAUTHORIZED_CLIENT,
                    "no receiver of a stream is this client, or it does not authenticate",
                    new Evidence(
                        "client", "a receiver's, confidential", client.id().value(), "SSF-16"))));
  }

  private Optional<Receiver> of(ClientId client) {
    return receivers.stream()
        .filter(receiver -> receiver.client().equals(Optional.of(client)))
        .findFirst();
  }

  /// What a secret is.
  sealed interface Found {
    /// A living token of a receiver.
    ///
    /// @param manages whether it is good for changes, too
    record Living(Receiver receiver, boolean manages) implements Found {}

    record Nothing() implements Found {}

    /// This node may have missed that its client was killed.
    record Undecided() implements Found {}
  }

  /// Looks up what somebody presents. A token whose client is another receiver's by now is none.
  Found find(Secret secret) {
    return switch (tokens.find(secret)) {
      case OpaqueClientTokens.Found.Living(var holder, var client, var scopes) ->
          of(client)
              .filter(receiver -> receiver.name().equals(holder))
              .<Found>map(receiver -> new Found.Living(receiver, scopes.contains(MANAGE)))
              .orElseGet(Found.Nothing::new);
      case OpaqueClientTokens.Found.Nothing() -> new Found.Nothing();
      case OpaqueClientTokens.Found.Undecided() -> new Found.Undecided();
    };
  }
}
