package dev.lanyard.benchmarks.compare;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Signs the one person in at the broker as a browser would, for the ID Token that ID-JAGs are
/// issued on.
final class LanyardSignIn {
  private static final String VERIFIER = "a-verifier-that-is-long-enough-for-pkce-0123456789";
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");

  private final LanyardFiles files;
  private final HttpClient http;
  private String cookie = "";

  LanyardSignIn(LanyardFiles files) {
    this.files = files;
    this.http =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_NONE))
            .build();
  }

  /// @return the ID Token
  String idToken(String user, String password) throws IOException {
    var page = send(HttpRequest.newBuilder(authorize()).GET());
    var form = Form.builder();
    var hidden = HIDDEN.matcher(page.body());
    while (hidden.find()) {
      form.add(hidden.group(1), hidden.group(2).replace("&amp;", "&").replace("&quot;", "\""));
    }
    form.add("user", user).add("password", password);
    var answer =
        send(
            HttpRequest.newBuilder(URI.create(files.broker() + "/login"))
                .header("Content-Type", Http.FORM)
                .header("Origin", files.broker().toString())
                .POST(HttpRequest.BodyPublishers.ofString(form.build().encode())));
    var location =
        answer
            .headers()
            .firstValue("Location")
            .orElseThrow(() -> new IOException("the sign-in failed: " + answer.body()));
    return redeemed(code(URI.create(location)));
  }

  private URI authorize() {
    var query =
        Form.builder()
            .add("response_type", "code")
            .add("client_id", LanyardFiles.CLIENT)
            .add("redirect_uri", LanyardFiles.REDIRECT_URI)
            .add("scope", "openid email")
            .add("state", "s")
            .add("nonce", "a-nonce-for-the-comparison")
            .add("code_challenge", new Pkce.Verifier(new Secret(VERIFIER)).challenge().value())
            .add("code_challenge_method", "S256")
            .build();
    return URI.create(files.broker() + "/authorize?" + query.encode());
  }

  private static String code(URI location) throws IOException {
    try {
      return Form.parse(location.getRawQuery(), Set.of())
          .one("code")
          .orElseThrow(() -> new IOException("the sign-in gave no code: " + location));
    } catch (MalformedException e) {
      throw new IOException("the sign-in answered a malformed redirect: " + location, e);
    }
  }

  private String redeemed(String code) throws IOException {
    var form =
        Form.builder()
            .add("grant_type", "authorization_code")
            .add("code", code)
            .add("redirect_uri", LanyardFiles.REDIRECT_URI)
            .add("code_verifier", VERIFIER)
            .build();
    var headers =
        Map.of(
            "Content-Type",
            Http.FORM,
            "Authorization",
            Http.basic(LanyardFiles.CLIENT, files.client().secret().reveal()));
    var token = URI.create(files.broker() + "/token");
    return Http.once(new Load.Same(token, headers, form.encode())).get("id_token").asString();
  }

  /// The cookie is carried by hand: a browser treats loopback as secure, Java's client does not.
  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    try {
      var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      response
          .headers()
          .firstValue("Set-Cookie")
          .ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
      return response;
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while signing in", e);
    }
  }
}
