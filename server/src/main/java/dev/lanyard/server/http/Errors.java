package dev.lanyard.server.http;

import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// What the web server itself refuses (a broken request line, headers too large) is answered as
/// everything else: JSON with a correlation id, and nothing of what was sent repeated.
final class Errors extends ErrorHandler {
  @Override
  public boolean handle(
      org.eclipse.jetty.server.Request request,
      org.eclipse.jetty.server.Response response,
      Callback callback) {
    var status =
        request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer code ? code : 500;
    var correlationId = CorrelationId.next();
    var code = status < 500 ? "invalid_request" : "server_error";
    Answer.write(
        // Jetty closes after a message that it could not read; a client that is not told so sends
        // its
        // next request into the closed connection.
        Response.error(status, code, sentence(status), correlationId)
            .withHeader("Connection", "close"),
        CrossOrigin.REFUSED,
        correlationId,
        response,
        callback);
    return true;
  }

  private static String sentence(int status) {
    return switch (status) {
      case 408 -> "the request did not arrive in time";
      case 414, 431 -> "the request line or the headers are too large";
      case 503 -> "the server is starting or stopping";
      case 505 -> "this version of HTTP is not served";
      default -> status < 500 ? "the request is not well-formed HTTP" : "this is a fault of ours";
    };
  }
}
