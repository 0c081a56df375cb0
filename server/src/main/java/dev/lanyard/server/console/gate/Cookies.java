package dev.lanyard.server.console.gate;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import java.time.Duration;
import java.util.Optional;

/// What a browser holds of the console (AC-10): the secret of its session, and while somebody signs
/// in that of the sign-in.
final class Cookies {
  private final String session;
  private final String signIn;

  Cookies(ConsoleConfig config) {
    // No other host of the domain can set a cookie of this prefix; browsers demand TLS for it.
    var prefix = "https".equals(config.address().getScheme()) ? "__Host-" : "";
    this.session = prefix + "lanyard-console-session";
    this.signIn = prefix + "lanyard-console-sign-in";
  }

  Optional<Secret> session(Request request) {
    return secret(request, session);
  }

  Response holding(Response response, Secret cookie, Duration life) {
    return response.withCookie(session, cookie.reveal(), life);
  }

  Response forgetting(Response response) {
    return response.withCookie(session, "", Duration.ZERO);
  }

  Optional<Secret> signingIn(Request request) {
    return secret(request, signIn);
  }

  Response signingIn(Response response, Secret cookie, Duration life) {
    return response.withCookie(signIn, cookie.reveal(), life);
  }

  Response notSigningIn(Response response) {
    return response.withCookie(signIn, "", Duration.ZERO);
  }

  private static Optional<Secret> secret(Request request, String name) {
    return request
        .cookie(name)
        .filter(value -> value.matches("[A-Za-z0-9_-]{43}"))
        .map(Secret::new);
  }
}
