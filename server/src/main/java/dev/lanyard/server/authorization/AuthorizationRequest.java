package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.upstream.Wishes;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.sessions.RequestedClaims;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// What a browser brought to `/authorize`.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core
///   §3.1.2.1
public sealed interface AuthorizationRequest {
  /// Where the answer goes: a redirect URI that this client has registered.
  record ReplyTo(URI redirectUri, Optional<String> state) {}

  /// Well-formed, from a known client, to be answered at a registered place.
  ///
  /// @param query the request as it was sent, to be read again when the person has signed in
  /// @param challenge what the client will prove at the token endpoint
  /// @param resources what for
  /// @param scopes what is granted of what was asked for
  /// @param claims what the client asks to be told beside what scopes tell
  /// @param nonce to be repeated in the ID token; some clients send none
  /// @param keyThumbprint `dpop_jkt`
  record Valid(
      String query,
      Client client,
      ReplyTo replyTo,
      Pkce.Challenge challenge,
      List<ResourceIndicator> resources,
      Scopes scopes,
      RequestedClaims claims,
      Optional<String> nonce,
      Optional<String> keyThumbprint,
      Wishes wishes)
      implements AuthorizationRequest {
    public Valid {
      resources = List.copyOf(resources);
    }

    /// The same with what the person said of themselves, if they did.
    Valid hinting(Optional<String> address) {
      return address.isEmpty()
          ? this
          : new Valid(
              query,
              client,
              replyTo,
              challenge,
              resources,
              scopes,
              claims,
              nonce,
              keyThumbprint,
              wishes.hinting(address));
    }
  }

  /// The client is told.
  record Refused(Client client, ReplyTo replyTo, OAuthError error, Evidence evidence)
      implements AuthorizationRequest {}

  /// Only the person is told, because it is not certain whom the answer would reach (AC-4).
  record Unanswerable(OAuthError error, Evidence evidence) implements AuthorizationRequest {}
}
