package dev.lanyard.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/// A person with a browser: fills in the sign-in page and goes where it leads.
final class DemoBrowser implements Consumer<URI> {
  private static final Pattern FIELD =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");
  private static final Pattern ACTION =
      Pattern.compile("<form method=\"post\" action=\"([^\"]+)\">");

  private final HttpClient http;
  private final String userName;

  DemoBrowser(String userName, SSLContext trust) {
    this.userName = userName;
    this.http =
        HttpClient.newBuilder()
            .sslContext(trust)
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  @Override
  public void accept(URI authorizationUrl) {
    try {
      var page = send(HttpRequest.newBuilder(authorizationUrl).build());
      var fields = new LinkedHashMap<String, String>();
      var hidden = FIELD.matcher(page.body());
      while (hidden.find()) {
        fields.put(hidden.group(1), unescaped(hidden.group(2)));
      }
      fields.put("user", userName);
      fields.put("password", DemoInstallation.PASSWORD.reveal());
      var action = ACTION.matcher(page.body());
      if (!action.find()) {
        throw new IllegalStateException("the sign-in page has no form: " + page.statusCode());
      }
      var answer = send(post(URI.create(unescaped(action.group(1))), fields));
      var back = answer.headers().firstValue("Location");
      send(
          HttpRequest.newBuilder(
                  URI.create(
                      back.orElseThrow(() ->
                          new IllegalStateException(
                              "sign-in was answered with " + answer.statusCode()))))
              .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.ofString());
  }

  private static HttpRequest post(URI url, Map<String, String> fields) {
    var form =
        fields.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return HttpRequest.newBuilder(url)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Origin", url.resolve("/").toString().replaceAll("/$", ""))
        .POST(HttpRequest.BodyPublishers.ofString(form))
        .build();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String unescaped(String html) {
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }
}
