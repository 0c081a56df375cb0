package dev.lanyard.server.pair;

import dev.lanyard.protocol.oauth.Form;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/// Sends requests exactly as they are and follows no redirect.
public final class Http {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  private Http() {}

  public static Answer get(URI url, Map<String, String> headers) {
    return send(HttpRequest.newBuilder(url).GET(), headers);
  }

  public static Answer post(URI url, Form form, Map<String, String> headers) {
    return post(url, "application/x-www-form-urlencoded", form.encode(), headers);
  }

  public static Answer post(URI url, String contentType, String body, Map<String, String> headers) {
    return send(
        HttpRequest.newBuilder(url)
            .header("Content-Type", contentType)
            .expectContinue(asksFirst(body))
            .POST(BodyPublishers.ofString(body)),
        headers);
  }

  /// Whether a body is so long that a server may refuse it by its length. It is then sent only once
  /// the server asks for it: a server that refuses at once ends the connection, and a body that is
  /// under way may take the answer with it.
  public static boolean asksFirst(String body) {
    return body.length() > 2_000;
  }

  public static Answer put(URI url, String contentType, String body, Map<String, String> headers) {
    return send(
        HttpRequest.newBuilder(url)
            .header("Content-Type", contentType)
            .PUT(BodyPublishers.ofString(body)),
        headers);
  }

  public static Answer delete(URI url, Map<String, String> headers) {
    return send(HttpRequest.newBuilder(url).DELETE(), headers);
  }

  private static Answer send(HttpRequest.Builder request, Map<String, String> headers) {
    headers.forEach(request::header);
    try {
      return new Answer(CLIENT.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
