package dev.lanyard.resourceserver.status;

import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import java.time.Duration;

/// Where a [RevocationStream] comes from.
///
/// @param issuer the authorization server: of tokens of another one the stream tells nothing
/// @param endpoint the revocation stream of the authorization server, `<issuer>/revocation-stream`
/// @param credentials of this resource server there
/// @param staleAfter how old the knowledge of denials may be; older, and every call is refused with
///   503 until it is renewed
public record StreamConfig(
    Issuer issuer, URI endpoint, BasicCredentials credentials, Duration staleAfter) {
  /// 5 seconds.
  public static final Duration DEFAULT_STALE_AFTER = Duration.ofSeconds(5);

  private static final Duration SHORTEST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /// @throws IllegalArgumentException if the bound is not between 200 ms and 60 s (DPR-1)
  public StreamConfig {
    if (staleAfter.compareTo(SHORTEST) < 0 || staleAfter.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "staleAfter must be between 200 ms and 60 s, not " + staleAfter);
    }
  }

  public StreamConfig(Issuer issuer, URI endpoint, BasicCredentials credentials) {
    this(issuer, endpoint, credentials, DEFAULT_STALE_AFTER);
  }

  URI acknowledgement() {
    return URI.create(endpoint + "/acknowledgement");
  }
}
