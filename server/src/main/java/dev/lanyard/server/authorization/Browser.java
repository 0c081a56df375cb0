package dev.lanyard.server.authorization;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.AnswerBy;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.SecretCookie;
import dev.lanyard.server.sessions.FormToken;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.sessions.SessionStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;

/// What a browser holds of us: the cookie of its session, and before there is one, a cookie that
/// binds the forms and sign-ins it begins to it (AC-10, SEC-17).
final class Browser {
  private static final Duration UNTIL_CLOSED_AT_MOST = Duration.ofHours(1);

  private static final Duration REALM_LIFE = Duration.ofDays(90);

  /// No provider can be called so.
  static final String LOCAL_REALM = ".";

  private final SecretCookie sessionCookie;
  private final SecretCookie bindingCookie;
  private final SecretCookie crossSiteCookie;
  private final String realmCookie;
  private final SessionStore sessions;

  /// @param name how its cookies begin
  Browser(Issuer self, String name, SessionStore sessions) {
    this.sessionCookie = new SecretCookie(self.uri(), name + "-session");
    this.bindingCookie = new SecretCookie(self.uri(), name + "-browser");
    this.crossSiteCookie = new SecretCookie(self.uri(), name + "-cross-site");
    this.realmCookie = SecretCookie.name(self.uri(), name + "-realm");
    this.sessions = sessions;
  }

  /// The session that the browser holds, also one that is over.
  Optional<Session> session(Request request) {
    return sessionCookie.of(request).flatMap(sessions::find);
  }

  /// A new secret for every sign-in: one that somebody planted before is worth nothing after it.
  Response holding(Response response, Secret cookie, Duration life) {
    return sessionCookie.put(response, cookie, life);
  }

  /// Forgets the session, and where they sign in: the next one may be somebody else.
  Response forgetting(Response response) {
    return sessionCookie.remove(response).withCookie(realmCookie, "", Duration.ZERO);
  }

  /// Where somebody has signed in with this browser: the name of a provider, or [#LOCAL_REALM].
  /// Untrusted: it spares a question and decides nothing.
  Optional<String> realm(Request request) {
    return request.cookie(realmCookie);
  }

  /// @param provider where they signed in, if not here
  Response remembering(Response response, Optional<String> provider) {
    return response.withCookie(realmCookie, provider.orElse(LOCAL_REALM), REALM_LIFE);
  }

  /// The secret that binds the browser, or a new one.
  Secret binding(Request request) {
    return bindingCookie.of(request).orElseGet(OpaqueToken::secret);
  }

  Response bound(Response response, Secret binding) {
    return bindingCookie.put(response, binding, UNTIL_CLOSED_AT_MOST);
  }

  /// The secret that binds the sign-ins which this browser begins at a provider.
  ///
  /// A form of the provider's comes from another site, and browsers do not send our other cookies
  /// with it. So such sign-ins have a secret of their own, in a cookie that opens nothing: it says
  /// only that the answer is for the browser that asked.
  ///
  /// @param answer how the provider answers
  Secret binding(Request request, AnswerBy answer) {
    return cookieOf(answer).of(request).orElseGet(OpaqueToken::secret);
  }

  private SecretCookie cookieOf(AnswerBy answer) {
    return switch (answer) {
      case QUERY -> bindingCookie;
      case FORM -> crossSiteCookie;
    };
  }

  Response bound(Response response, Secret binding, AnswerBy answer) {
    return switch (answer) {
      case QUERY -> bound(response, binding);
      case FORM -> crossSiteCookie.putCrossSite(response, binding, UNTIL_CLOSED_AT_MOST);
    };
  }

  /// Whether a form was made by us for this browser.
  boolean made(Request request, Form form) {
    return bindingCookie.of(request).map(FormToken::of).filter(one -> one.isIn(form)).isPresent();
  }

  /// What the answer to a question must bring: it was asked in this browser, in this session, and
  /// was this one. Without the browser's secret nobody can make it.
  static String agreement(Secret binding, Session session, String question) {
    return OpaqueToken.hash(
        new Secret("agreement " + binding.reveal() + " " + session.id() + " " + question));
  }

  /// Whether an answer is one to such a question.
  boolean agreed(Request request, Session session, String question, Optional<String> agreement) {
    var expected = bindingCookie.of(request).map(binding -> agreement(binding, session, question));
    return expected.isPresent()
        && agreement.isPresent()
        && MessageDigest.isEqual(bytes(expected.get()), bytes(agreement.get()));
  }

  /// What a sign-in at an upstream remembers of the browser that began it.
  static String bindingHash(Secret binding) {
    return OpaqueToken.hash(binding);
  }

  /// Whether this browser began it.
  boolean began(Request request, AnswerBy answer, String bindingHash) {
    return cookieOf(answer)
        .of(request)
        .map(Browser::bindingHash)
        .filter(bindingHash::equals)
        .isPresent();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
