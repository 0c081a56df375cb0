package dev.lanyard.server.credentials;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.OAuthError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The wish for a fresher or better sign-in.
///
/// @param maxAge how long ago it may have been
/// @param acrValues of which it must be one
/// @spec https://www.rfc-editor.org/rfc/rfc9470.html#section-3 RFC 9470 §3
public record SignInNeeded(Optional<Duration> maxAge, List<String> acrValues) {
  private static final String NAME = "[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,200}";
  private static final int MOST = 10;

  public SignInNeeded {
    acrValues = List.copyOf(acrValues);
  }

  /// What a refusal of our own asks for.
  public static Optional<SignInNeeded> in(OAuthError error) {
    try {
      return in(error.further());
    } catch (MalformedException e) {
      throw new IllegalStateException("a refusal of our own is malformed", e);
    }
  }

  /// What an error response asks for; empty if it asks for nothing that could be passed on.
  static Optional<SignInNeeded> in(JsonObject error) throws MalformedException {
    var maxAge = error.seconds("max_age").map(Duration::ofSeconds);
    var values =
        error.string("acr_values").map(text -> List.of(text.strip().split(" +"))).orElse(List.of());
    boolean isOdd =
        values.size() > MOST
            || !values.stream().allMatch(value -> value.matches(NAME))
            || maxAge.filter(Duration::isNegative).isPresent();
    return isOdd || (maxAge.isEmpty() && values.isEmpty())
        ? Optional.empty()
        : Optional.of(new SignInNeeded(maxAge, values));
  }

  /// Whether this sign-in is already what is asked for: then another would not help.
  boolean isMetBy(AuthenticationContext authentication, Instant now) {
    boolean isFresh =
        maxAge.isEmpty()
            || authentication
                .time()
                .filter(time -> !now.isAfter(time.plus(maxAge.get())))
                .isPresent();
    boolean isGood =
        acrValues.isEmpty()
            || authentication.contextClass().filter(acrValues::contains).isPresent();
    return isFresh && isGood;
  }
}
