package dev.lanyard.server.http.upstream;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.http.HttpException;

/// What has gone wrong with a request, in one short line for an operator: which server, what, and
/// where to look. Jetty's own messages hold the state of its client, many lines of it.
final class Mishap {
  private static final int LONGEST = 160;

  /// How a Java object shows itself: nothing that an operator could use.
  private static final Pattern OBJECT = Pattern.compile("@[0-9a-f]{3,8}");

  private Mishap() {}

  /// @param url where the request was to go; only its host and port are told
  static String of(Throwable failure, URI url) {
    var server = url.getScheme() + "://" + url.getRawAuthority();
    return switch (failure) {
      case UnknownHostException _ ->
          server + ": its name leads to no address; look at the URL and at DNS";
      case ConnectException _, SocketTimeoutException _ -> unreachable(server, failure);
      case SocketException _ when failure.getCause() instanceof ConnectException ->
          unreachable(server, failure.getCause());
      case SSLException _ ->
          "%s does not prove who it is (%s); look at its certificate, and at outbound.ca"
              .formatted(server, brief(failure));
      case HttpResponseException _ ->
          server + " answers what is no HTTP/1.1; look at what listens there";
      case RejectedExecutionException _ -> "too many requests wait for " + server + " already";
      case TimeoutException _ -> server + " was silent for too long";
      case IllegalArgumentException _, HttpException _ ->
          "the request cannot be sent to %s (%s)".formatted(server, brief(failure));
      default ->
          "%s ended the connection before it had answered (%s); its own log may say why"
              .formatted(server, brief(failure));
    };
  }

  private static String unreachable(String server, Throwable failure) {
    return "%s takes no connection (%s); see whether it runs, and whether a firewall is in between"
        .formatted(server, brief(failure));
  }

  /// What broke off, without the server.
  static String brief(Throwable failure) {
    var message = failure.getMessage();
    var said = message == null ? "" : message.strip().lines().findFirst().orElse("");
    var kind = failure instanceof EOFException ? "closed" : failure.getClass().getSimpleName();
    return said.isEmpty() || said.length() > LONGEST || OBJECT.matcher(said).find() ? kind : said;
  }
}
