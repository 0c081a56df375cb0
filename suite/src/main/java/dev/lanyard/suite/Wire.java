package dev.lanyard.suite;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.oauth.Form;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Sends requests exactly as a check wants them, and follows no redirect. Thread-safe.
public final class Wire {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String FORM = "application/x-www-form-urlencoded";

  private final HttpClient http;

  /// @param authorities certificate authorities to trust beside the platform's
  public Wire(List<X509Certificate> authorities) {
    this.http =
        HttpClient.newBuilder()
            .sslContext(TrustedTls.context(authorities))
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
  }

  public Answer get(URI url) throws UnusableAnswer {
    return send(HttpRequest.newBuilder(url).header("Accept", "application/json").GET());
  }

  public Answer post(URI url, Form form, Map<String, String> headers) throws UnusableAnswer {
    return post(url, FORM, form.encode(), headers);
  }

  public Answer post(URI url, String contentType, String body, Map<String, String> headers)
      throws UnusableAnswer {
    var request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", contentType)
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return send(request);
  }

  private Answer send(HttpRequest.Builder request) throws UnusableAnswer {
    var built = request.timeout(TIMEOUT).build();
    try {
      var response = http.send(built, BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UnusableAnswer(built.uri() + " gave no answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnusableAnswer("interrupted", e);
    }
  }
}
