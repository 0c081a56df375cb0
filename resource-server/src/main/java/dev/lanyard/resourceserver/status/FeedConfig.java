package dev.lanyard.resourceserver.status;

import dev.lanyard.protocol.oauth.BasicCredentials;
import java.net.URI;
import java.time.Duration;

/// Where an [EventFeed] comes from.
///
/// @param streams the `configuration_endpoint` of the authorization server,
///   `<issuer>/events/streams`
/// @param credentials of this resource server there; events are addressed to their client id
/// @param staleAfter how old the knowledge of denials may be; older, and every call is refused with
///   503 until it is renewed. Whole seconds
/// @param longestTokenLife of the authorization server: so long a denial has something to kill
public record FeedConfig(
    URI streams, BasicCredentials credentials, Duration staleAfter, Duration longestTokenLife) {
  /// 20 seconds.
  public static final Duration DEFAULT_STALE_AFTER = Duration.ofSeconds(20);

  /// 12 hours, the longest that Lanyard can be configured to.
  public static final Duration DEFAULT_TOKEN_LIFE = Duration.ofHours(12);

  private static final Duration SHORTEST = Duration.ofSeconds(3);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /// @throws IllegalArgumentException if the bound is not 3 to 60 whole seconds (DPR-1), or the
  ///   life is not positive
  public FeedConfig {
    if (staleAfter.compareTo(SHORTEST) < 0
        || staleAfter.compareTo(LONGEST) > 0
        || staleAfter.toMillis() % 1000 != 0) {
      throw new IllegalArgumentException(
          "staleAfter must be 3 to 60 whole seconds, not " + staleAfter);
    }
    if (!longestTokenLife.isPositive()) {
      throw new IllegalArgumentException("longestTokenLife must be positive");
    }
  }

  public FeedConfig(URI streams, BasicCredentials credentials) {
    this(streams, credentials, DEFAULT_STALE_AFTER, DEFAULT_TOKEN_LIFE);
  }

  /// Less than the bound, so that an answer comes in time although nothing has happened.
  Duration patience() {
    return Duration.ofSeconds(Math.max(1, staleAfter.toSeconds() / 3));
  }
}
