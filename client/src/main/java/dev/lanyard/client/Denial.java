package dev.lanyard.client;

import dev.lanyard.protocol.egress.EgressResult.Answered;
import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.BearerError;
import dev.lanyard.protocol.oauth.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/// What a server answered instead of a token. Its texts were written by the server: encode them
/// before showing them (SEC-16).
///
/// @param error the code; servers use several for one reason (D-7), and codes of their own
/// @param description a sentence for people
/// @param signIn what sign-in would help, if the server says so
public record Denial(String error, Optional<String> description, Optional<SignInDemand> signIn) {
  private static final int MAX_TEXT = 500;
  private static final String STATUS = "status ";

  /// Whether this is the error of an authorization server that the code says.
  public boolean is(ErrorCode code) {
    return error.equals(code.value());
  }

  /// Whether this is the error of a protected resource that the code says.
  public boolean is(BearerError code) {
    return error.equals(code.value());
  }

  /// Whether the server named an error of OAuth. Else whoever answered, such as a proxy during a
  /// deployment, may not even have been the server.
  public boolean isNamed() {
    return !error.startsWith(STATUS);
  }

  /// What a server named in a challenge or a redirect.
  ///
  /// @param error its code
  /// @param description its sentence for people
  public static Denial of(String error, Optional<String> description) {
    return new Denial(printable(error), description.map(Denial::printable), Optional.empty());
  }

  /// Reads the body of a refusal; what is no JSON is named by its status.
  public static Denial of(Answered answer) {
    try {
      var json = answer.json();
      var error = json.string("error").map(Denial::printable).orElse(STATUS + answer.status());
      return new Denial(
          error, json.string("error_description").map(Denial::printable), signIn(error, json));
    } catch (MalformedException e) {
      return new Denial(STATUS + answer.status(), Optional.empty(), Optional.empty());
    }
  }

  private static Optional<SignInDemand> signIn(String error, JsonObject json)
      throws MalformedException {
    if (!error.equals(ErrorCode.INSUFFICIENT_USER_AUTHENTICATION.value())
        && !error.equals(ErrorCode.LOGIN_REQUIRED.value())) {
      return Optional.empty();
    }
    var maxAge = json.seconds("max_age").filter(age -> age >= 0).map(Duration::ofSeconds);
    // A part of one would ask for another sign-in.
    var acrValues = json.string("acr_values").filter(text -> text.equals(printable(text)));
    return Optional.of(new SignInDemand(maxAge, acrValues));
  }

  private static String printable(String text) {
    var cut = Excerpt.of(text, MAX_TEXT);
    // Not `Cntrl`, which is ASCII alone: U+009B commands terminals, too.
    return cut.replaceAll("\\p{Cc}", "?");
  }
}
