package dev.lanyard.server.console.gate;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.SecretCookie;
import java.time.Duration;
import java.util.Optional;

/// What a browser holds of the console (AC-10): the secret of its session, and while somebody signs
/// in that of the sign-in.
final class Cookies {
  private final SecretCookie session;
  private final SecretCookie signIn;

  Cookies(ConsoleConfig config) {
    this.session = new SecretCookie(config.address(), "lanyard-console-session");
    this.signIn = new SecretCookie(config.address(), "lanyard-console-sign-in");
  }

  Optional<Secret> session(Request request) {
    return session.of(request);
  }

  Response holding(Response response, Secret cookie, Duration life) {
    return session.put(response, cookie, life);
  }

  Response forgetting(Response response) {
    return session.remove(response);
  }

  Optional<Secret> signingIn(Request request) {
    return signIn.of(request);
  }

  Response signingIn(Response response, Secret cookie, Duration life) {
    return signIn.put(response, cookie, life);
  }

  Response notSigningIn(Response response) {
    return signIn.remove(response);
  }
}
