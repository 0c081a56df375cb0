package dev.lanyard.server.authorization;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.AnswerBy;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
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

  private final String sessionCookie;
  private final String bindingCookie;
  private final String realmCookie;
  private final String crossSiteCookie;
  private final SessionStore sessions;

  /// @param name how its cookies begin
  Browser(Issuer self, String name, SessionStore sessions) {
    // No other host of the domain can set a cookie of this prefix; browsers demand TLS for it.
    var prefix = self.value().startsWith("https:") ? "__Host-" : "";
    this.sessionCookie = prefix + name + "-session";
    this.bindingCookie = prefix + name + "-browser";
    this.realmCookie = prefix + name + "-realm";
    this.crossSiteCookie = prefix + name + "-cross-site";
    this.sessions = sessions;
  }

  /// The session that the browser holds, also one that is over.
  Optional<Session> session(Request request) {
    return request.cookie(sessionCookie).map(Secret::new).flatMap(sessions::find);
  }

  /// A new secret for every sign-in: one that somebody planted before is worth nothing after it.
  Response holding(Response response, Secret cookie, Duration life) {
    return response.withCookie(sessionCookie, cookie.reveal(), life);
  }

  /// Forgets the session, and where they sign in: the next one may be somebody else.
  Response forgetting(Response response) {
    return response
        .withCookie(sessionCookie, "", Duration.ZERO)
        .withCookie(realmCookie, "", Duration.ZERO);
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
    return binding(request, bindingCookie);
  }

  private static Secret binding(Request request, String cookie) {
    return request
        .cookie(cookie)
        .filter(value -> value.matches("[A-Za-z0-9_-]{43}"))
        .map(Secret::new)
        .orElseGet(OpaqueToken::secret);
  }

  Response bound(Response response, Secret binding) {
    return response.withCookie(bindingCookie, binding.reveal(), UNTIL_CLOSED_AT_MOST);
  }

  /// The secret that binds the sign-ins which this browser begins at a provider.
  ///
  /// A form of the provider's comes from another site, and browsers do not send our other cookies
  /// with it. So such sign-ins have a secret of their own, in a cookie that opens nothing: it says
  /// only that the answer is for the browser that asked.
  ///
  /// @param answer how the provider answers
  Secret binding(Request request, AnswerBy answer) {
    return binding(request, cookieOf(answer));
  }

  private String cookieOf(AnswerBy answer) {
    return switch (answer) {
      case QUERY -> bindingCookie;
      case FORM -> crossSiteCookie;
    };
  }

  Response bound(Response response, Secret binding, AnswerBy answer) {
    return switch (answer) {
      case QUERY -> bound(response, binding);
      case FORM ->
          response.withCrossSiteCookie(crossSiteCookie, binding.reveal(), UNTIL_CLOSED_AT_MOST);
    };
  }

  /// What a form must bring to have been made by us for this browser.
  static String formToken(Secret binding) {
    return OpaqueToken.hash(new Secret("form " + binding.reveal()));
  }

  /// Whether a form was made by us for this browser.
  boolean made(Request request, Optional<String> formToken) {
    var expected = request.cookie(bindingCookie).map(Secret::new).map(Browser::formToken);
    return expected.isPresent()
        && formToken.isPresent()
        && MessageDigest.isEqual(bytes(expected.get()), bytes(formToken.get()));
  }

  /// What the answer to a question must bring: it was asked in this browser, in this session, and
  /// was this one. Without the browser's secret nobody can make it.
  static String agreement(Secret binding, Session session, String question) {
    return OpaqueToken.hash(
        new Secret("agreement " + binding.reveal() + " " + session.id() + " " + question));
  }

  /// Whether an answer is one to such a question.
  boolean agreed(Request request, Session session, String question, Optional<String> agreement) {
    var expected =
        request
            .cookie(bindingCookie)
            .map(Secret::new)
            .map(binding -> agreement(binding, session, question));
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
    return request
        .cookie(cookieOf(answer))
        .map(Secret::new)
        .map(Browser::bindingHash)
        .filter(bindingHash::equals)
        .isPresent();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
