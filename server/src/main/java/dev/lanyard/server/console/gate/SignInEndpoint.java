package dev.lanyard.server.console.gate;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Frame;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.token.Paths;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// How somebody comes in: to the broker with PKCE, and back with a code.
///
/// All that a sign-in remembers is derived from one secret in a cookie of the browser that began
/// it: the `state`, in which the page to come back to is bound, and the verifier. So nobody else's
/// answer fits (SEC-17), nothing is kept here for those who never come back, and any node can take
/// the answer. The answer takes the cookie away.
final class SignInEndpoint {
  static final String SIGN_IN = "/sign-in";
  static final String CALLBACK = "/signed-in";

  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final int LONGEST_PAGE = 500;
  private static final String OURS =
      "/(([A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})([A-Za-z0-9._~/-]|%[0-9A-Fa-f]{2})*)?"
          + "(\\?([A-Za-z0-9._~&=+-]|%[0-9A-Fa-f]{2})*)?";

  private final ConsoleConfig config;
  private final Issuer broker;
  private final CodeRedemption redemption;
  private final ConsoleSessions sessions;
  private final Cookies cookies;
  private final InstantSource clock;

  SignInEndpoint(
      ConsoleConfig config,
      Issuer broker,
      CodeRedemption redemption,
      ConsoleSessions sessions,
      Cookies cookies,
      InstantSource clock) {
    this.config = config;
    this.broker = broker;
    this.redemption = redemption;
    this.sessions = sessions;
    this.cookies = cookies;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get(SIGN_IN, Access.SESSION, this::begin),
        Route.get(CALLBACK, Access.SESSION, this::back));
  }

  /// Where somebody signs in who is to come back to a page.
  ///
  /// @param better whether as they are was not good enough
  static String link(String page, boolean better) {
    var query = Form.builder().add("to", page);
    return SIGN_IN + "?" + (better ? query.add("better", "1") : query).build().encode();
  }

  private Response begin(Request request) {
    var asked = Addresses.query(request);
    var page = asked.flatMap(form -> form.one("to")).filter(SignInEndpoint::isOurs).orElse("/");
    var secret = OpaqueToken.secret();
    var query =
        Form.builder()
            .add("response_type", "code")
            .add("client_id", Actor.CONSOLE.value())
            .add("redirect_uri", config.at(CALLBACK).toString())
            .add("scope", "openid")
            .add("state", state(secret, page))
            .add("code_challenge", new Pkce.Verifier(verifier(secret)).challenge().value())
            .add("code_challenge_method", "S256");
    if (asked.filter(form -> form.has("better")).isPresent()
        && !config.secondFactor().acrValues().isEmpty()) {
      query.add("acr_values", String.join(" ", config.secondFactor().acrValues()));
    }
    var broker = Paths.at(this.broker, Paths.AUTHORIZE) + "?" + query.build().encode();
    return cookies.signingIn(Response.redirect(URI.create(broker)).noStore(), secret, LIFE);
  }

  /// A page of ours and no address elsewhere.
  private static boolean isOurs(String page) {
    return page.length() <= LONGEST_PAGE && page.matches(OURS);
  }

  private Response back(Request request) {
    var query = Addresses.query(request);
    var secret = cookies.signingIn(request);
    var page =
        secret.flatMap(
            one -> query.flatMap(form -> form.one("state")).flatMap(state -> page(one, state)));
    if (page.isEmpty()) {
      redemption.refused(
          new Evidence("state", "of a sign-in of this browser", "another", "SEC-17"), request);
      return failed(request, 400, "This is no answer to a sign-in that was begun here.");
    }
    var form = query.orElseThrow();
    if (!form.one("iss").equals(Optional.of(broker.value()))) {
      redemption.refused(
          new Evidence("iss", broker.value(), form.one("iss").orElse("none"), "SEC-8"), request);
      return failed(request, 400, "This is no answer of the identity broker.");
    }
    if (form.one("code").isEmpty()) {
      redemption.refused(
          new Evidence("code", "one", form.one("error").orElse("none"), "AC-1"), request);
      return failed(request, 403, "You were not signed in.");
    }
    return switch (redemption.redeem(
        new Secret(form.one("code").orElseThrow()),
        verifier(secret.orElseThrow()).reveal(),
        clock.instant(),
        request)) {
      case CodeRedemption.Verdict.Begun(var cookie, var life) -> {
        cookies
            .session(request)
            .filter(OpaqueToken::isPossible)
            .ifPresent(former -> sessions.replaced(former, clock.instant()));
        yield cookies.holding(
            cookies.notSigningIn(Response.redirect(config.at(page.get())).noStore()), cookie, life);
      }
      case CodeRedemption.Verdict.Refused() ->
          failed(request, 403, "The sign-in is not good any more.");
    };
  }

  private Response failed(Request request, int status, String why) {
    return cookies.notSigningIn(
        Sheet.of(
            status,
            "message",
            Frame.ofStranger("Sign-in"),
            new Message(
                why,
                "Nothing was changed.",
                Optional.of(new Message.Way(link("/", false), "Sign in")),
                request.correlationId())));
  }

  private static Secret verifier(Secret secret) {
    return new Secret(OpaqueToken.hash(new Secret("console verifier " + secret.reveal())));
  }

  private static String state(Secret secret, String page) {
    return OpaqueToken.hash(new Secret("console state " + secret.reveal() + " " + page))
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(page.getBytes(StandardCharsets.UTF_8));
  }

  /// The page that a state was made for, if it was made for this browser.
  private static Optional<String> page(Secret secret, String state) {
    var encoded = state.substring(state.indexOf('.') + 1);
    if (!encoded.matches("[A-Za-z0-9_-]{1,1000}")) {
      return Optional.empty();
    }
    String page;
    try {
      page = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return MessageDigest.isEqual(bytes(state(secret, page)), bytes(state)) && isOurs(page)
        ? Optional.of(page)
        : Optional.empty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
