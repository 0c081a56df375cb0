package dev.lanyard.server.http;

import dev.lanyard.protocol.evidence.Evidence;
import java.util.Optional;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the web server itself refuses (a broken request line, headers too large) is answered as
/// everything else: JSON with a correlation id, and nothing of what was sent repeated.
final class Errors extends ErrorHandler {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  private final Dispatcher dispatcher;

  Errors(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  @Override
  public boolean handle(
      org.eclipse.jetty.server.Request request,
      org.eclipse.jetty.server.Response response,
      Callback callback) {
    var status =
        request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer code ? code : 500;
    var correlationId = CorrelationId.next();
    var code = status < 500 ? "invalid_request" : "server_error";
    // Jetty closes after a message that it could not read; a client that is not told so sends its
    // next request into the closed connection.
    var answer =
        Response.error(status, code, sentence(status), correlationId)
            .withHeader("Connection", "close");
    Runnable write =
        () -> Answer.write(answer, CrossOrigin.REFUSED, correlationId, response, callback);
    if (isCausedByPeer(status)) {
      dispatcher.refused(
          new Refusals.Refusal(
              Optional.empty(),
              correlationId,
              Request.source(request, dispatcher.proxies()),
              failed(status)),
          write);
    } else {
      fault(correlationId, request.getAttribute(ErrorHandler.ERROR_EXCEPTION));
      write.run();
    }
    return true;
  }

  /// Counts a fault of ours, or a stop. Who is not there any more is answered by nobody.
  private void fault(String correlationId, @Nullable Object cause) {
    if (cause instanceof QuietException) {
      return;
    }
    dispatcher.failed();
    if (cause instanceof Throwable fault) {
      LOG.error("{} failed before its handler", correlationId, fault);
    }
  }

  /// Who asks for another version, or for what we do not know, has caused it.
  private static boolean isCausedByPeer(int status) {
    return status < 500 || status == 501 || status == 505;
  }

  private static Evidence failed(int status) {
    return switch (status) {
      case 408 -> new Evidence("request", "in time", "too slow", "RFC 9110 §15.5.9");
      case 414, 431 -> new Evidence("headers", "within the limit", "too large", "RFC 6585 §5");
      default -> new Evidence("request", "well-formed HTTP", "status " + status, "RFC 9112 §2.2");
    };
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
