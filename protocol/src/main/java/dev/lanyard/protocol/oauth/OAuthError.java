package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a caller is told when it is refused: a code and a sentence that says what to do. Never why
/// in detail: that is for the administrator's audit record (AUD-3).
///
/// @param code the error code
/// @param description one sentence without secrets and without input repeated
/// @param further members of the error response that the code defines, e.g. `max_age`
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2
public record OAuthError(ErrorCode code, String description, JsonObject further) {

  /// An error without further members.
  public OAuthError(ErrorCode code, String description) {
    this(code, description, JsonObject.EMPTY);
  }

  /// A better sign-in is needed.
  ///
  /// @param maxAge how long ago it may have been
  /// @param acrValues the authentication contexts of which one is needed
  /// @spec https://www.rfc-editor.org/rfc/rfc9470.html#section-3 RFC 9470 §3 (IDP-41)
  public static OAuthError insufficientUserAuthentication(
      Optional<Duration> maxAge, List<String> acrValues) {
    var further = JsonObject.builder();
    maxAge.ifPresent(age -> further.put("max_age", age.toSeconds()));
    if (!acrValues.isEmpty()) {
      further.put("acr_values", String.join(" ", acrValues));
    }
    return new OAuthError(
        ErrorCode.INSUFFICIENT_USER_AUTHENTICATION,
        "the person must sign in again, as these members say",
        further.build());
  }

  /// The body of the error response.
  ///
  /// @param correlationId by which an administrator finds the audit record
  public JsonObject toJson(String correlationId) {
    return JsonObject.builder()
        .put("error", code.value())
        .put("error_description", description + " (" + correlationId + ")")
        .put("correlation_id", correlationId)
        .putAll(further)
        .build();
  }
}
