package dev.lanyard.resourceserver;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.AuthorizationDetailType;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ResourceIndicator;
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
/// @param details each of these must be covered by one of those that the token has
/// @spec https://www.rfc-editor.org/rfc/rfc9470.html#section-3 RFC 9470 §3
/// @spec https://www.rfc-editor.org/rfc/rfc9396.html#section-9.1 RFC 9396 §9.1
public record Requirement(
    Scopes scopes,
    Optional<Duration> maxAge,
    List<String> acrValues,
    AuthorizationDetails details) {
  private static final String LOCATIONS = "locations";

  /// A valid token and nothing else.
  public static final Requirement VALID_TOKEN =
      new Requirement(Scopes.NONE, Optional.empty(), List.of());

  public Requirement {
    acrValues = List.copyOf(acrValues);
  }

  /// No authorization details.
  public Requirement(Scopes scopes, Optional<Duration> maxAge, List<String> acrValues) {
    this(scopes, maxAge, acrValues, AuthorizationDetails.NONE);
  }

  public static Requirement scopes(String... scopes) {
    return new Requirement(Scopes.of(scopes), Optional.empty(), List.of());
  }

  /// The same, and the sign-in may not be longer ago than this.
  public Requirement signedInWithin(Duration age) {
    return new Requirement(scopes, Optional.of(age), acrValues, details);
  }

  /// The same, and the sign-in must have been of one of these classes.
  public Requirement signedInBy(String... classes) {
    return new Requirement(scopes, maxAge, List.of(classes), details);
  }

  /// The same, and the token must give what these objects ask for: each wholly by one object of the
  /// token of the same type, which may give more.
  public Requirement detailed(AuthorizationDetails needed) {
    return new Requirement(scopes, maxAge, acrValues, needed);
  }

  /// What two objects of a token give does not add up to a third.
  boolean isCoveredBy(AuthorizationDetails granted, ResourceIndicator self) {
    return details.all().stream()
        .allMatch(needed -> granted.all().stream().anyMatch(given -> gives(given, needed, self)));
  }

  /// An object that names other places gives nothing here.
  private static boolean gives(JsonObject given, JsonObject needed, ResourceIndicator self) {
    if (!given.has(LOCATIONS)) {
      return AuthorizationDetailType.covers(given, needed);
    }
    try {
      return given.strings(LOCATIONS).filter(all -> all.contains(self.value())).isPresent()
          && AuthorizationDetailType.covers(given.without(LOCATIONS), needed);
    } catch (MalformedException e) {
      return false;
    }
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
