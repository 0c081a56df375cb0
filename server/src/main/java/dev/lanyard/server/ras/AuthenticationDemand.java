package dev.lanyard.server.ras;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How a person must have signed in at their identity provider to get a token for a resource. What
/// an ID-JAG does not say was not done (RAS-18).
///
/// @param contexts the `acr` values of which one is needed; any if empty
/// @param maxAge how long ago the sign-in may have been
public record AuthenticationDemand(List<String> contexts, Optional<Duration> maxAge) {
  /// However they have signed in.
  public static final AuthenticationDemand NONE =
      new AuthenticationDemand(List.of(), Optional.empty());

  /// @throws IllegalArgumentException if no sign-in could be young enough
  public AuthenticationDemand {
    contexts = List.copyOf(contexts);
    if (maxAge.filter(age -> age.compareTo(Duration.ofMinutes(1)) < 0).isPresent()) {
      throw new IllegalArgumentException(
          "ras.resources.sign_in.max_age must be a minute or more, not " + maxAge.get());
    }
  }

  /// Why a sign-in will not do, if so.
  Optional<Evidence> fault(AuthenticationContext signIn, Instant now, ClockSkew skew) {
    if (!contexts.isEmpty() && signIn.contextClass().filter(contexts::contains).isEmpty()) {
      return Optional.of(
          new Evidence(
              "acr",
              "one of " + String.join(" ", contexts),
              signIn.contextClass().orElse("none"),
              "RAS-18"));
    }
    var tooOld =
        maxAge.filter(age -> signIn.time().filter(at -> !skew.isOlderThan(age, at, now)).isEmpty());
    return tooOld.map(age ->
        new Evidence(
            "auth_time",
            "within " + age + " before " + now,
            signIn.time().map(Instant::toString).orElse("none"),
            "RAS-18"));
  }
}
