package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.evidence.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How somebody must have signed in (RS-11, RAS-18). What nobody says of a sign-in was not done.
///
/// @param contexts the authentication contexts of which one is needed; any if empty
/// @param maxAge how long ago that may have been
public record AuthenticationRequirement(List<String> contexts, Optional<Duration> maxAge) {
  /// In any way.
  public static final AuthenticationRequirement NONE =
      new AuthenticationRequirement(List.of(), Optional.empty());

  public AuthenticationRequirement {
    contexts = List.copyOf(contexts);
  }

  /// Why a sign-in will not do, if so.
  public Optional<Evidence> fault(AuthenticationContext signIn, Instant now, ClockSkew skew) {
    if (!contexts.isEmpty() && signIn.contextClass().filter(contexts::contains).isEmpty()) {
      return Optional.of(
          new Evidence(
              "acr",
              "one of " + String.join(" ", contexts),
              signIn.contextClass().orElse("none"),
              "RAS-18"));
    }
    var unmet =
        maxAge.filter(age -> signIn.time().filter(at -> isRecent(age, at, now, skew)).isEmpty());
    return unmet.map(age ->
        new Evidence(
            "auth_time",
            "within " + age + " before " + now,
            signIn.time().map(Instant::toString).orElse("none"),
            "RAS-18"));
  }

  /// A sign-in that is still to come would count as recent until it has been.
  private static boolean isRecent(Duration age, Instant at, Instant now, ClockSkew skew) {
    return !skew.isAhead(at, now) && !skew.isOlderThan(age, at, now);
  }
}
