package dev.lanyard.resourceserver;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What an operation needs beside a valid token.
///
/// @param scopes all of these (RS-3)
/// @param maxAge how long ago the person may have signed in (RS-11)
/// @param acrValues one of these authentication contexts; empty if any will do (RS-11)
/// @spec https://www.rfc-editor.org/rfc/rfc9470.html#section-3 RFC 9470 §3
public record Requirement(Scopes scopes, Optional<Duration> maxAge, List<String> acrValues) {
  /// A valid token and nothing else.
  public static final Requirement VALID_TOKEN =
      new Requirement(Scopes.NONE, Optional.empty(), List.of());

  public Requirement {
    acrValues = List.copyOf(acrValues);
  }

  public static Requirement scopes(String... scopes) {
    return new Requirement(Scopes.of(scopes), Optional.empty(), List.of());
  }

  /// The same, and the sign-in may not be longer ago than this.
  public Requirement signedInWithin(Duration age) {
    return new Requirement(scopes, Optional.of(age), acrValues);
  }

  /// The same, and the sign-in must have been of one of these classes.
  public Requirement signedInBy(String... classes) {
    return new Requirement(scopes, maxAge, List.of(classes));
  }

  /// An unknown time or class never suffices.
  boolean isMetBy(AuthenticationContext authentication, Instant now) {
    var fresh =
        maxAge.isEmpty()
            || authentication.time().filter(at -> !at.plus(maxAge.get()).isBefore(now)).isPresent();
    var strong =
        acrValues.isEmpty()
            || authentication.contextClass().filter(acrValues::contains).isPresent();
    return fresh && strong;
  }
}
