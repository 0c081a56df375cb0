package dev.lanyard.server.pair;

import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// What an application does at a [Pair], step by step on the wire, with a browser of its own.
public final class Desk {
  public static final String CALLBACK = "http://localhost:4711/callback";
  private static final Pattern FORM_TOKEN =
      Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");

  private final Pair pair;
  private final String client;
  private final String clientAtRas;
  private final String redirectUri;
  private final Map<String, String> cookies = new HashMap<>();
  private final Pkce.Verifier verifier = Pkce.Verifier.random(new SecureRandom());

  public Desk(Pair pair) {
    this(pair, "desk", "desk-ras", CALLBACK);
  }

  public Desk(Pair pair, String client, String clientAtRas, String redirectUri) {
    this.pair = pair;
    this.client = client;
    this.clientAtRas = clientAtRas;
    this.redirectUri = redirectUri;
  }

  /// Authorization with the secret that all clients of the tests share.
  public static Map<String, String> basic(String client) {
    var credentials = new BasicCredentials(new ClientId(client), World.clientSecret());
    return Map.of("Authorization", credentials.toHeader());
  }

  /// A good authorization request, as Claude Code sends it and a little more.
  public Form.Builder authorization(String scope) {
    return Form.builder()
        .add("response_type", "code")
        .add("client_id", client)
        .add("redirect_uri", redirectUri)
        .add("scope", scope)
        .add("state", "state-1")
        .add("code_challenge", verifier.challenge().value())
        .add("code_challenge_method", "S256");
  }

  /// The browser goes to a page and keeps its cookies.
  public Answer browse(URI url) {
    return kept(Http.get(url, cookieHeader()));
  }

  public Answer submit(URI url, Form form) {
    return kept(Http.post(url, form, cookieHeader()));
  }

  public Answer authorize(Form request) {
    return browse(URI.create(pair.brokerUrl("/authorize") + "?" + request.encode()));
  }

  /// The browser goes to sign in at a provider upstream of the broker.
  public Answer signInAt(String provider) {
    return signInAt(provider, authorization("openid"));
  }

  /// The same for another authorization request.
  public Answer signInAt(String provider, Form.Builder authorization) {
    var query = Form.builder().add("authorization", authorization.build().encode()).build();
    return browse(URI.create(pair.brokerUrl("/login/" + provider) + "?" + query.encode()));
  }

  private Map<String, String> cookieHeader() {
    var text = new StringBuilder();
    cookies.forEach((name, value) -> text.append(name).append('=').append(value).append("; "));
    return text.isEmpty() ? Map.of() : Map.of("Cookie", text.toString());
  }

  private Answer kept(Answer answer) {
    for (var name :
        new String[] {
          "lanyard-session", "lanyard-browser", "lanyard-realm", "lanyard-cross-site"
        }) {
      answer.cookie(name).ifPresent(value -> cookies.put(name, value));
    }
    return answer;
  }

  public Map<String, String> cookies() {
    return cookies;
  }

  /// The form of the sign-in page, filled in.
  public Form signInForm(Answer page, Form request, String userName, String password) {
    var token = FORM_TOKEN.matcher(page.body());
    if (!token.find()) {
      throw new AssertionError("no sign-in form: " + page.status() + " " + page.body());
    }
    return Form.builder()
        .add("form_token", token.group(1))
        .add("authorization", request.encode())
        .add("user", userName)
        .add("password", password)
        .build();
  }

  /// From nothing, or from the session that the browser has, to an authorization code.
  public String code(String userName, String scope) {
    var request = authorization(scope).build();
    var page = authorize(request);
    if (page.status() == 303) {
      return page.parameter("code");
    }
    var form = signInForm(page, request, userName, World.passwordOf(userName));
    var answer = submit(pair.brokerUrl("/login"), form);
    if (answer.status() != 303) {
      throw new AssertionError("not signed in: " + answer.status() + " " + answer.body());
    }
    return answer.parameter("code");
  }

  public Form.Builder codeRequest(String code) {
    return Form.builder()
        .add("grant_type", "authorization_code")
        .add("code", code)
        .add("redirect_uri", redirectUri)
        .add("code_verifier", verifier.secret().reveal());
  }

  public Answer token(Form form) {
    return Http.post(pair.brokerUrl("/token"), form, basic(client));
  }

  /// From nothing to tokens.
  public Answer signedIn(String userName, String scope) {
    return token(codeRequest(code(userName, scope)).build());
  }

  public String idToken(String userName) {
    return signedIn(userName, "openid").text("id_token");
  }

  /// A good token exchange; a test changes one thing of it.
  public Form.Builder exchangeRequest(String idToken, ResourceIndicator resource) {
    return Form.builder()
        .add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
        .add("requested_token_type", "urn:ietf:params:oauth:token-type:id-jag")
        .add("audience", pair.ras().value())
        .add("resource", resource.value())
        .add("subject_token", idToken)
        .add("subject_token_type", "urn:ietf:params:oauth:token-type:id_token");
  }

  public Answer exchange(String idToken, ResourceIndicator resource) {
    return token(exchangeRequest(idToken, resource).build());
  }

  public String idJag(String userName, ResourceIndicator resource) {
    return exchange(idToken(userName), resource).text("access_token");
  }

  public Form.Builder redemption(String idJag) {
    return Form.builder()
        .add("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
        .add("assertion", idJag);
  }

  public Answer redeem(String idJag) {
    return redeem(redemption(idJag).build());
  }

  public Answer redeem(Form form) {
    return Http.post(pair.rasUrl("/token"), form, basic(clientAtRas));
  }

  /// From nothing to an access token.
  public String accessToken(String userName, ResourceIndicator resource) {
    return redeem(idJag(userName, resource)).text("access_token");
  }

  public Answer introspect(String token, String resourceServer) {
    return Http.post(
        pair.rasUrl("/introspect"),
        Form.builder().add("token", token).build(),
        basic(resourceServer));
  }

  /// The request with one thing changed.
  public static Form changed(Form.Builder good, Consumer<Form.Builder> change) {
    change.accept(good);
    return good.build();
  }
}
