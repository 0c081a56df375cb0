package dev.lanyard.client;

import java.time.Duration;
import java.util.Optional;

/// What a sign-in must be like (CLI-36).
///
/// @param maxAge how long ago the person may have signed in
/// @param acrValues the acceptable authentication contexts, separated by spaces
public record SignInDemand(Optional<Duration> maxAge, Optional<String> acrValues) {
  /// Any sign-in will do.
  public static final SignInDemand ANY = new SignInDemand(Optional.empty(), Optional.empty());
}
