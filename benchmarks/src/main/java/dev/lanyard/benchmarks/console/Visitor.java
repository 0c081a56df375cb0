package dev.lanyard.benchmarks.console;

import dev.lanyard.protocol.oauth.Form;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Somebody at the console, as their browser has it, without scripts. Not thread-safe.
final class Visitor implements AutoCloseable {
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([a-z_]+)\" value=\"([^\"]*)\">");

  private final String console;
  private final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new Cookies())
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  Visitor(String console) {
    this.console = console;
  }

  void signIn(String broker, String user, String password) throws IOException {
    var page = get("/");
    var form = Form.builder();
    hidden(page.body()).forEach(form::add);
    form.add("user", user).add("password", password);
    var done = post(URI.create(broker + "/login"), form);
    if (!done.body().contains("Sign out")) {
      throw new IOException("not signed in: " + done.statusCode());
    }
  }

  /// A page, after whatever leads there.
  HttpResponse<String> get(String path) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(console + path)).GET());
  }

  /// Fills in the form of a page that is sent to this path.
  HttpResponse<String> fillIn(String page, String path, Map<String, String> fields)
      throws IOException {
    var shown = get(page).body();
    var all =
        new LinkedHashMap<>(hidden(shown.substring(shown.indexOf("action=\"" + path + "\""))));
    all.putAll(fields);
    var form = Form.builder();
    all.forEach(form::add);
    return post(URI.create(console + path), form);
  }

  private HttpResponse<String> post(URI address, Form.Builder form) throws IOException {
    return send(
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form.build().encode())));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static Map<String, String> hidden(String page) {
    var hidden = new LinkedHashMap<String, String>();
    HIDDEN
        .matcher(page)
        .results()
        .forEach(one -> hidden.putIfAbsent(one.group(1), unescaped(one.group(2))));
    return hidden;
  }

  private static String unescaped(String html) {
    return html.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }

  @Override
  public void close() {
    http.close();
  }

  /// Of each server its own, as by different hosts. They are marked for TLS, which browsers waive
  /// on their own machine.
  private static final class Cookies extends CookieHandler {
    private final Map<Integer, Map<String, String>> all = new TreeMap<>();

    @Override
    public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
      var own =
          of(uri).entrySet().stream()
              .map(one -> one.getKey() + "=" + one.getValue())
              .collect(Collectors.joining("; "));
      return own.isEmpty() ? Map.of() : Map.of("Cookie", List.of(own));
    }

    @Override
    public void put(URI uri, Map<String, List<String>> headers) {
      headers.forEach((name, values) -> {
        if (name.equalsIgnoreCase("Set-Cookie")) {
          values.forEach(value -> keep(of(uri), value.split(";", 2)[0].split("=", 2)));
        }
      });
    }

    private Map<String, String> of(URI uri) {
      return all.computeIfAbsent(uri.getPort(), _ -> new TreeMap<>());
    }

    private static void keep(Map<String, String> own, String[] pair) {
      if (pair[1].isEmpty()) {
        own.remove(pair[0]);
      } else {
        own.put(pair[0], pair[1]);
      }
    }
  }
}
