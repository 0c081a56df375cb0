package dev.lanyard.server.credentials;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Instant;
import java.util.Optional;

/// What a person has consented to at an authorization server of others.
///
/// @param connector for which connector
/// @param client our id there
/// @param scopes that were granted
/// @param revision counts its renewals: whoever writes names the one that was read
/// @param expiresAt of the access token; empty if the server does not say
/// @param grantedAt when the person consented
/// @param renewedAt when the tokens came
record UpstreamGrant(
    String id,
    String person,
    String connector,
    Issuer issuer,
    ClientId client,
    Scopes scopes,
    Tokens tokens,
    long revision,
    Optional<Instant> expiresAt,
    Instant grantedAt,
    Instant renewedAt) {

  boolean isGood(Instant at) {
    return expiresAt.isEmpty() || at.isBefore(expiresAt.get());
  }

  /// Only where it is kept.
  @Override
  public String toString() {
    return "UpstreamGrant[" + id + "]";
  }
}
