package dev.lanyard.resourceserver;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Whether a valid token was revoked before its time (RS-13). A validator cannot know: it sees only
/// what was true when the token was signed.
public interface TokenStatus {
  /// Asked for every request, after the token was found valid. Must answer fast and never throw for
  /// an outage: see [Status.Unknown].
  ///
  /// @param accessToken what the token says
  /// @param token the token itself
  Status of(AccessToken accessToken, Secret token);

  /// Has somebody told when tokens may have died, as soon as this knows it, and of whom they are:
  /// for whoever has let some in and is still serving them.
  ///
  /// @return whether they will be told, and asking costs nothing; if not, they must ask again from
  ///   time to time
  default boolean onNews(Consumer<News> listener) {
    return false;
  }

  /// Under which names news may tell of a token. They never change, and all news of it that are not
  /// about all are under one of them.
  default Set<String> namesOf(AccessToken accessToken) {
    return Set.of();
  }

  /// Of whom it is told that their tokens may have died.
  sealed interface News {
    /// Of any.
    record AboutAll() implements News {}

    /// Of those that have one of these names.
    record About(Set<String> names) implements News {
      public About {
        names = Set.copyOf(names);
      }
    }
  }

  /// Believes every token until it expires. A person who was disabled keeps access for the rest of
  /// the token's life: only where something else checks revocation.
  static TokenStatus trustedUntilExpiry() {
    return (accessToken, token) -> new Status.Active();
  }

  /// Of several authorization servers, each of which tells of its own tokens only. Of the tokens of
  /// others nobody can say anything.
  static TokenStatus byIssuer(Map<Issuer, TokenStatus> all) {
    return new StatusByIssuer(all);
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
