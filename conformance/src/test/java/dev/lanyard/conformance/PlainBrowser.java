package dev.lanyard.conformance;

import dev.lanyard.protocol.oauth.Form;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/// A browser without a screen or scripts: keeps cookies, follows redirects and fills in the sign-in
/// form as a person does, until it is sent to the client's redirect URI, which it does not open.
final class PlainBrowser implements AutoCloseable {
  private static final Pattern FORM_ACTION = Pattern.compile("<form[^>]*\\baction=\"([^\"]*)\"");
  private static final Pattern LINK =
      Pattern.compile("<a [^>]*\\bhref=\"([^\"]*)\"[^>]*>([^<]*)</a>");
  private static final Pattern INPUT = Pattern.compile("<input[^>]*>", Pattern.CASE_INSENSITIVE);
  private static final int MAX_STEPS = 12;

  private final HttpClient http;

  PlainBrowser(SSLContext certificates) {
    http =
        HttpClient.newBuilder()
            .sslContext(certificates)
            .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /// Opens the address, chooses the identity provider where there is a choice, and signs in where a
  /// form asks for it.
  ///
  /// @param until the redirect URI to stop at, without opening it
  /// @return the address under it that the browser was sent to
  URI signIn(URI address, String until, String provider, String userName, String password)
      throws Exception {
    var response = send(HttpRequest.newBuilder(address).GET());
    for (int step = 0; step < MAX_STEPS; step++) {
      var link = link(response, provider);
      if (response.statusCode() / 100 == 3) {
        var next = response.uri().resolve(response.headers().firstValue("location").orElseThrow());
        if (next.toString().startsWith(until)) {
          return next;
        }
        response = send(HttpRequest.newBuilder(next).GET());
      } else if (link.isPresent()) {
        response = send(HttpRequest.newBuilder(link.get()).GET());
      } else if (response.statusCode() == 200 && response.body().contains("type=\"password\"")) {
        response = submit(response, userName, password);
      } else {
        break;
      }
    }
    throw new AssertionError(
        "the sign-in ended with %d at %s:%n%s"
            .formatted(response.statusCode(), response.uri(), response.body()));
  }

  /// [#signIn] of a local person.
  URI signIn(URI address, String until, String userName, String password) throws Exception {
    return signIn(address, until, "nobody else", userName, password);
  }

  /// Opens the address and signs in where a form asks for it.
  ///
  /// @return the page after the sign-in
  String pageAfterSignIn(URI address, String userName, String password) throws Exception {
    var response = send(HttpRequest.newBuilder(address).GET());
    for (int step = 0; step < MAX_STEPS && response.statusCode() / 100 == 3; step++) {
      var next = response.uri().resolve(response.headers().firstValue("location").orElseThrow());
      response = send(HttpRequest.newBuilder(next).GET());
    }
    return submit(response, userName, password).body();
  }

  /// The value of a hidden input of a page.
  static String hidden(String page, String name) {
    return INPUT
        .matcher(page)
        .results()
        .map(input -> input.group())
        .filter(tag -> attribute(tag, "name").equals(name))
        .map(tag -> attribute(tag, "value"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + page));
  }

  /// Opens an address with the cookies of this browser.
  Answer open(URI address) throws Exception {
    var response = send(HttpRequest.newBuilder(address).GET());
    return new Answer(response.statusCode(), response.headers(), response.body());
  }

  private static Optional<URI> link(HttpResponse<String> page, String provider) {
    return LINK.matcher(page.body())
        .results()
        .filter(link -> link.group(2).equals("Sign in with " + provider))
        .map(link -> page.uri().resolve(unescape(link.group(1))))
        .findFirst();
  }

  private HttpResponse<String> submit(HttpResponse<String> page, String userName, String password)
      throws Exception {
    var form = Form.builder();
    INPUT
        .matcher(page.body())
        .results()
        .forEach(input -> {
          var tag = input.group();
          var name = attribute(tag, "name");
          switch (attribute(tag, "type")) {
            case "password" -> form.add(name, password);
            case "hidden" -> form.add(name, attribute(tag, "value"));
            case "text", "email", "" -> form.add(name, userName);
            default -> {}
          }
        });
    var action = FORM_ACTION.matcher(page.body());
    var target = action.find() ? page.uri().resolve(unescape(action.group(1))) : page.uri();
    var origin = page.uri().resolve("/").toString().replaceAll("/$", "");
    return send(
        HttpRequest.newBuilder(target)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", origin)
            .POST(BodyPublishers.ofString(form.build().encode())));
  }

  private static String attribute(String tag, String name) {
    Matcher matcher =
        Pattern.compile("\\b" + name + "=\"([^\"]*)\"", Pattern.CASE_INSENSITIVE).matcher(tag);
    return matcher.find() ? unescape(matcher.group(1)) : "";
  }

  private static String unescape(String html) {
    return html.replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    http.close();
  }
}
