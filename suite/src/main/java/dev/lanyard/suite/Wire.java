package dev.lanyard.suite;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.oauth.Form;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends requests exactly as a check wants them, and follows no redirect. What is no whole answer
/// after 20 seconds is none. Thread-safe.
public final class Wire {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String FORM = "application/x-www-form-urlencoded";

  private final HttpClient http;
  private final Duration timeout;

  /// @param authorities certificate authorities to trust beside the platform's
  public Wire(List<X509Certificate> authorities) {
    this(authorities, TIMEOUT);
  }

  Wire(List<X509Certificate> authorities, Duration timeout) {
    this.timeout = timeout;
    this.http =
        HttpClient.newBuilder()
            .sslContext(TrustedTls.context(authorities))
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  public Answer get(URI url) throws UnusableAnswer, InterruptedException {
    return send(HttpRequest.newBuilder(url).header("Accept", "application/json").GET());
  }

  public Answer post(URI url, Form form, Map<String, String> headers)
      throws UnusableAnswer, InterruptedException {
    return post(url, FORM, form.encode(), headers);
  }

  public Answer post(URI url, String contentType, String body, Map<String, String> headers)
      throws UnusableAnswer, InterruptedException {
    var request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", contentType)
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return send(request);
  }

  private Answer send(HttpRequest.Builder request) throws UnusableAnswer, InterruptedException {
    var built = request.build();
    // A timeout of the request would end with the head of the answer.
    var sent = http.sendAsync(built, BodyHandlers.ofString());
    try {
      var response = sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new UnusableAnswer(
          built.uri() + " gave no whole answer within " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new UnusableAnswer(built.uri() + " gave no answer: " + e.getCause(), e);
    } catch (InterruptedException e) {
      sent.cancel(true);
      throw e;
    }
  }
}
