package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.JsonObject;

/// What a caller is told when it is refused: a code and a sentence that says what to do. Never why
/// in detail: that is for the administrator's audit record (AUD-3).
///
/// @param code the error code
/// @param description one sentence without secrets and without input repeated
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2
public record OAuthError(ErrorCode code, String description) {

  /// The body of the error response.
  ///
  /// @param correlationId by which an administrator finds the audit record
  public JsonObject toJson(String correlationId) {
    return JsonObject.builder()
        .put("error", code.value())
        .put("error_description", description + " (" + correlationId + ")")
        .put("correlation_id", correlationId)
        .build();
  }
}
