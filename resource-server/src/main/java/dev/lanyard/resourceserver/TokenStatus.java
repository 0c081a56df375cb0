package dev.lanyard.resourceserver;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.oauth.Secret;

/// Whether a valid token was revoked before its time (RS-13). A validator cannot know: it sees only
/// what was true when the token was signed.
public interface TokenStatus {
  /// Asked for every request, after the token was found valid. Must answer fast and never throw for
  /// an outage: see [Status.Unknown].
  ///
  /// @param accessToken what the token says
  /// @param token the token itself
  Status of(AccessToken accessToken, Secret token);

  /// Has somebody told when tokens may have died, as soon as this knows it: for whoever has let one
  /// in and is still serving it.
  ///
  /// @return whether they will be told, and asking costs nothing; if not, they must ask again from
  ///   time to time
  default boolean onNews(Runnable listener) {
    return false;
  }

  /// Believes every token until it expires. A person who was disabled keeps access for the rest of
  /// the token's life: only where something else checks revocation.
  static TokenStatus trustedUntilExpiry() {
    return (accessToken, token) -> new Status.Active();
  }

  /// What is known of a token now.
  sealed interface Status {
    /// Not revoked.
    record Active() implements Status {}

    /// Dead, for good.
    record Revoked() implements Status {}

    /// Nobody can say. The request is not served (fail closed).
    record Unknown(String why) implements Status {}
  }
}
