package dev.lanyard.client;

import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.time.Instant;

/// An access token and what it is good for.
///
/// @param value the token itself; opaque
/// @param type how it is sent
/// @param issuer who issued it
/// @param resource the only resource it may be sent to (CLI-13)
/// @param scopes what was granted
/// @param expiresAt until when it is worth sending
public record HeldToken(
    Secret value,
    AccessTokenType type,
    Issuer issuer,
    ResourceIndicator resource,
    Scopes scopes,
    Instant expiresAt) {

  /// The `Authorization` header. A DPoP token needs a proof beside it: [AccessSource#headersFor].
  public String authorization() {
    return type.value() + " " + value.reveal();
  }
}
