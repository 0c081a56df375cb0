package dev.lanyard.conformance;

import dev.lanyard.protocol.oauth.Form;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;

/// A raw HTTP client: what a test writes is what goes out, and a redirect is an answer like any
/// other. It knows nothing of our client library.
final class Wire implements AutoCloseable {
  private final HttpClient http;

  private Wire(HttpClient http) {
    this.http = http;
  }

  /// A client that trusts these certificates only.
  static Wire trusting(SSLContext certificates) {
    return new Wire(
        HttpClient.newBuilder()
            .sslContext(certificates)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build());
  }

  Answer get(URI uri, String... headers) {
    return send(HttpRequest.newBuilder(uri).GET(), headers);
  }

  /// Sends a form; `headers` are names and values in turn.
  Answer post(URI uri, Form form, String... headers) {
    return send("POST", uri, form.encode(), "application/x-www-form-urlencoded", headers);
  }

  Answer postJson(URI uri, String json, String... headers) {
    return send("POST", uri, json, "application/json", headers);
  }

  Answer putJson(URI uri, String json, String... headers) {
    return send("PUT", uri, json, "application/json", headers);
  }

  Answer delete(URI uri, String... headers) {
    return send(HttpRequest.newBuilder(uri).DELETE(), headers);
  }

  private Answer send(String method, URI uri, String body, String contentType, String... headers) {
    var request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", contentType)
            .method(method, BodyPublishers.ofString(body));
    return send(request, headers);
  }

  private Answer send(HttpRequest.Builder request, String... headers) {
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      var response =
          http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for an answer", e);
    }
  }

  /// The value of an `Authorization` header for `client_secret_basic`. The ids and secrets of these
  /// tests need no form encoding.
  static String basic(String id, String secret) {
    var credentials = (id + ":" + secret).getBytes(StandardCharsets.US_ASCII);
    return "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  @Override
  public void close() {
    http.close();
  }
}
