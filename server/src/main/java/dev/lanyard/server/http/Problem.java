package dev.lanyard.server.http;

import dev.lanyard.protocol.json.JsonObject;
import java.util.Locale;

/// Why a call of the JSON API came to nothing: a kind that stays what it is from release to
/// release, and a sentence that says what to do. Nothing secret is in either.
///
/// @param code one or two words, for programs: the end of `type`
/// @param title what it is in general, for people
/// @param detail what it is here and what to do
/// @spec https://www.rfc-editor.org/rfc/rfc9457.html#section-3 RFC 9457 §3
public record Problem(int status, String code, String title, String detail) {
  /// What every `type` begins with. A name and no address: there is nothing to be fetched.
  public static final String TYPE = "urn:lanyard:problem:";

  public static final String MEDIA_TYPE = "application/problem+json";

  /// Everything below this path, wherever an issuer puts it, is the JSON API.
  private static final String API = "/admin/api";

  /// The kinds that every part of the API has.
  public enum Kind {
    INVALID_REQUEST(400, "The request is not well-formed"),
    UNAUTHENTICATED(401, "Who asks is not known"),
    SIGN_IN_TOO_WEAK(401, "The sign-in is not good enough for this"),
    INSUFFICIENT_SCOPE(403, "The token is not for this"),
    NO_DUTY(403, "Whoever asks may not do this"),
    NOT_FOUND(404, "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "This cannot be done here"),
    TOO_SLOW(408, "The request did not arrive in time"),
    IN_FLIGHT(409, "The same call is under way"),
    CONFLICT(409, "Something stands against it"),
    BODY_TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body is of a kind that is not read here"),
    KEY_REUSED(422, "This key was used for something else"),
    TOO_MANY_REQUESTS(429, "Too many requests have failed"),
    SERVER_ERROR(500, "This is a fault of ours"),
    UNAVAILABLE(503, "This cannot be answered now");

    private final int status;
    private final String title;

    Kind(int status, String title) {
      this.status = status;
      this.title = title;
    }

    public int status() {
      return status;
    }

    public String title() {
      return title;
    }

    /// For programs.
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Kind of(int status) {
      for (var kind : values()) {
        if (kind.status == status) {
          return kind;
        }
      }
      return status < 500 ? INVALID_REQUEST : SERVER_ERROR;
    }
  }

  public static Problem of(Kind kind, String detail) {
    return new Problem(kind.status, kind.code(), kind.title, detail);
  }

  /// Whether whoever calls this path reads problems, and not errors of OAuth.
  static boolean isReadAt(String path) {
    return path.endsWith(API) || path.contains(API + "/");
  }

  /// What this server refuses before anybody looks at the request.
  static Problem of(int status, String detail) {
    return of(Kind.of(status), detail);
  }

  public Response answer(String correlationId) {
    return answer(correlationId, JsonObject.EMPTY);
  }

  /// @param more members of this problem's own
  public Response answer(String correlationId, JsonObject more) {
    var body =
        JsonObject.builder()
            .put("type", TYPE + code)
            .put("title", title)
            .put("status", status)
            .put("detail", detail)
            .put("correlation_id", correlationId)
            .build();
    return Response.bytes(status, MEDIA_TYPE, body.with(more).toBytes()).noStore();
  }
}
