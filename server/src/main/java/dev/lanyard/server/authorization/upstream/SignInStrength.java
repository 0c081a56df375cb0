package dev.lanyard.server.authorization.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How somebody must have signed in (RS-11).
///
/// @param contexts the authentication contexts of which one is needed; any if empty
/// @param maxAge how long ago that may have been
public record SignInStrength(List<String> contexts, Optional<Duration> maxAge) {
  /// In any way.
  public static final SignInStrength ANY = new SignInStrength(List.of(), Optional.empty());

  public SignInStrength {
    contexts = List.copyOf(contexts);
  }
}
