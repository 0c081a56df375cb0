package dev.lanyard.server.token;

import dev.lanyard.protocol.oauth.Challenge;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;

/// How errors leave the endpoints for clients.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2 (TOK-4, TOK-5)
public final class ErrorAnswers {
  /// Long enough for a restart or a failover, short enough that nobody notices.
  private static final String RETRY_AFTER_SECONDS = "5";

  private ErrorAnswers() {}

  /// The error with its status, the correlation id, and only where RFC 6749 demands it a challenge:
  /// to a client that tried the `Authorization` header.
  public static Response answer(OAuthError error, Request request) {
    var answer =
        Response.json(error.code().status(), error.toJson(request.correlationId())).noStore();
    if (error.code() == ErrorCode.TEMPORARILY_UNAVAILABLE) {
      return answer.withHeader("Retry-After", RETRY_AFTER_SECONDS);
    }
    boolean challenged =
        error.code() == ErrorCode.INVALID_CLIENT && !request.headers("Authorization").isEmpty();
    return challenged
        ? answer.withHeader(
            "WWW-Authenticate", Challenge.of("Basic").with("realm", "lanyard").toHeader())
        : answer;
  }

  /// Nobody can decide now.
  public static Response unavailable(Request request) {
    return answer(
        new OAuthError(
            ErrorCode.TEMPORARILY_UNAVAILABLE, "the server cannot decide now, try again"),
        request);
  }
}
