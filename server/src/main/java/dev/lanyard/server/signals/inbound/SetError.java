package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.securityevent.Reason;
import dev.lanyard.server.http.Response;

/// The error codes of delivery, and the answer that carries one.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8935.html#section-2.4 RFC 8935 §2.4 (SSF-20)
public final class SetError {
  /// The request or the event cannot be read.
  public static final String INVALID_REQUEST = "invalid_request";

  static final String INVALID_STATE = "invalid_state";
  static final String AUTHENTICATION_FAILED = "authentication_failed";

  private SetError() {}

  static String of(Reason.Fault fault) {
    return switch (fault) {
      case FORM, CONTENT, KIND, TIME -> INVALID_REQUEST;
      case ISSUER -> "invalid_issuer";
      case KEY -> "invalid_key";
      case AUDIENCE -> "invalid_audience";
    };
  }

  /// @param error the code
  public static Response answer(int status, String error, String description) {
    return Response.json(
            status, JsonObject.builder().put("err", error).put("description", description).build())
        .withHeader("Content-Language", "en")
        .noStore();
  }
}
