package dev.lanyard.server.pair;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// A client of the ordinary flow at the resource authorization server of a [Pair], step by step on
/// the wire, with somebody's browser.
public final class Visit {
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([a-z_]+)\" value=\"([^\"]*)\">");

  private final Pair pair;
  private final String client;
  private final String redirectUri;
  private final Map<String, String> cookies;
  private final Pkce.Verifier verifier;

  private Visit(
      Pair pair,
      String client,
      String redirectUri,
      Map<String, String> cookies,
      Pkce.Verifier verifier) {
    this.pair = pair;
    this.client = client;
    this.redirectUri = redirectUri;
    this.cookies = cookies;
    this.verifier = verifier;
  }

  /// A client of this name that proves nothing.
  public static Visit of(Pair pair, String client, String redirectUri) {
    var verifier = Pkce.Verifier.random(new SecureRandom());
    return new Visit(pair, client, redirectUri, new HashMap<>(), verifier);
  }

  /// A client that has a secret.
  public static Visit studio(Pair pair) {
    return of(pair, "studio", "https://studio.example/callback");
  }

  /// A client on somebody's computer, which proves nothing.
  public static Visit pocket(Pair pair) {
    return of(pair, "pocket", "http://127.0.0.1:4712/callback");
  }

  /// A client that may not renew.
  public static Visit once(Pair pair) {
    return of(pair, "once", "https://once.example/callback");
  }

  /// The same browser and client at another node.
  public Visit at(Pair node) {
    return new Visit(node, client, redirectUri, cookies, verifier);
  }

  /// Another client in the same browser.
  public Visit with(Visit other) {
    return new Visit(pair, other.client, other.redirectUri, cookies, other.verifier);
  }

  /// The same client, and nothing in the browser.
  public Visit inAnotherBrowser() {
    return new Visit(pair, client, redirectUri, new HashMap<>(), verifier);
  }

  public Map<String, String> cookies() {
    return cookies;
  }

  /// A good authorization request.
  public Form.Builder authorization(ResourceIndicator resource, String scope) {
    return asking(scope).add("resource", resource.value());
  }

  /// One that names no resource yet.
  public Form.Builder asking(String scope) {
    return Form.builder()
        .add("response_type", "code")
        .add("client_id", client)
        .add("redirect_uri", redirectUri)
        .add("scope", scope)
        .add("state", "state-1")
        .add("code_challenge", verifier.challenge().value())
        .add("code_challenge_method", "S256");
  }

  public Answer authorize(Form request) {
    return browse(URI.create(pair.rasUrl("/authorize") + "?" + request.encode()));
  }

  /// The browser goes to a page and keeps its cookies.
  public Answer browse(URI url) {
    return kept(Http.get(url, cookieHeader()));
  }

  public Answer submit(String path, Form form) {
    return kept(Http.post(pair.rasUrl(path), form, cookieHeader()));
  }

  private Map<String, String> cookieHeader() {
    var text = new StringBuilder();
    cookies.forEach((name, value) -> text.append(name).append('=').append(value).append("; "));
    return text.isEmpty() ? Map.of() : Map.of("Cookie", text.toString());
  }

  private Answer kept(Answer answer) {
    for (var name : new String[] {"session", "browser", "realm", "cross-site"}) {
      var cookie = "lanyard-ras-" + name;
      answer.cookie(cookie).ifPresent(value -> cookies.put(cookie, value));
    }
    return answer;
  }

  /// What a form of a page holds, to be filled in.
  public static Form.Builder form(Answer page) {
    var form = Form.builder();
    var inputs = HIDDEN.matcher(page.body());
    int found = 0;
    while (inputs.find()) {
      form.add(inputs.group(1), unescaped(inputs.group(2)));
      found++;
    }
    if (found == 0) {
      throw new AssertionError("no form: " + page.status() + " " + page.body());
    }
    return form;
  }

  private static String unescaped(String html) {
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  /// Fills in the sign-in page.
  public Answer signIn(Answer page, String userName) {
    return submit(
        "/login",
        form(page).add("user", userName).add("password", World.passwordOf(userName)).build());
  }

  /// Answers the question on the page.
  ///
  /// @param decision `allow` or `deny`
  public Answer decide(Answer page, String decision) {
    return submit("/consent", form(page).add("decision", decision).build());
  }

  /// From nothing to the question.
  public Answer question(String userName, Form request) {
    return signIn(authorize(request), userName);
  }

  /// From nothing to an authorization code.
  public String code(String userName, Form request) {
    return allowed(question(userName, request)).parameter("code");
  }

  private Answer allowed(Answer page) {
    var answer = decide(page, "allow");
    if (answer.status() != 303) {
      throw new AssertionError("not answered: " + answer.status() + " " + answer.body());
    }
    return answer;
  }

  public Form.Builder codeRequest(String code) {
    return Form.builder()
        .add("grant_type", "authorization_code")
        .add("code", code)
        .add("redirect_uri", redirectUri)
        .add("code_verifier", verifier.secret().reveal());
  }

  public static Form.Builder refresh(String token) {
    return Form.builder().add("grant_type", "refresh_token").add("refresh_token", token);
  }

  /// A request of the client to the token endpoint.
  public Answer token(Form form) {
    return asClient("/token", form);
  }

  public Answer asClient(String path, Form form) {
    if (client.equals("studio")) {
      return Http.post(pair.rasUrl(path), form, Desk.basic(client));
    }
    var named = Form.builder();
    form.names().forEach(name -> form.all(name).forEach(value -> named.add(name, value)));
    return Http.post(pair.rasUrl(path), named.add("client_id", client).build(), Map.of());
  }

  /// From nothing to tokens.
  public Answer tokens(String userName, ResourceIndicator resource, String scope) {
    var code = code(userName, authorization(resource, scope).build());
    return token(codeRequest(code).build());
  }

  /// Whether a resource server is told that a token counts.
  public boolean isActive(String token, String resourceServer) {
    var form = Form.builder().add("token", token).build();
    var answer = Http.post(pair.rasUrl("/introspect"), form, Desk.basic(resourceServer));
    return answer.body().contains("\"active\":true");
  }
}
