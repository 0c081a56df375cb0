package dev.lanyard.server.ras.administration;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.ras.enrolment.Invitations;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.sessions.OpaqueToken;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;

/// Who sits before the browser of an organisation's administrator: by a cookie that no script
/// reads, no other host can set and no foreign page sends (AC-10).
final class Entrance {
  private static final String NAME = "lanyard-organisation";

  /// A sign-in elsewhere takes no longer.
  private static final Duration SIGN_IN = Duration.ofMinutes(10);

  private final String cookie;
  private final String origin;
  private final Invitations invitations;

  Entrance(Issuer self, Invitations invitations) {
    this.cookie = (self.value().startsWith("https:") ? "__Host-" : "") + NAME;
    this.origin = origin(self.uri());
    this.invitations = invitations;
  }

  private static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  /// Somebody who came in.
  ///
  /// @param formToken what every form of theirs carries
  record Visitor(EnrolledOrganisation organisation, String formToken) {}

  Optional<Visitor> visitor(Request request) {
    return visit(request)
        .flatMap(secret ->
            invitations
                .visitor(secret)
                .map(organisation -> new Visitor(organisation, formToken(secret))));
  }

  /// The same for a form, which must have been made for this browser.
  Optional<Visitor> visitor(Request request, Form form) {
    return visitor(request).filter(one -> isOfOurs(request) && made(one, form));
  }

  private static boolean made(Visitor visitor, Form form) {
    return MessageDigest.isEqual(
        bytes(visitor.formToken()), bytes(form.one("form_token").orElse("")));
  }

  /// Whether no other site has sent it, as far as the browser says. Our pages send no referrer, and
  /// then a browser hides the origin too.
  boolean isOfOurs(Request request) {
    return request.headers("Origin").stream()
            .allMatch(value -> value.equals(origin) || value.equals("null"))
        && request.headers("Sec-Fetch-Site").stream()
            .allMatch(value -> value.equals("same-origin") || value.equals("none"));
  }

  /// What binds a sign-in elsewhere to the browser that began it (SEC-17).
  Optional<Secret> binding(Request request) {
    return secret(request, cookie + "-sign-in");
  }

  Response sent(Response response, Secret binding) {
    return response.withCookie(cookie + "-sign-in", binding.reveal(), SIGN_IN);
  }

  /// The cookie of somebody who came in, whether or not it still counts.
  Optional<Secret> visit(Request request) {
    return secret(request, cookie);
  }

  private static Optional<Secret> secret(Request request, String name) {
    return request
        .cookie(name)
        .filter(value -> value.matches("[A-Za-z0-9_-]{43}"))
        .map(Secret::new);
  }

  private static String formToken(Secret secret) {
    return OpaqueToken.hash(new Secret("form " + secret.reveal()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  Response entered(Response response, Invitations.Visit visit) {
    return response.withCookie(cookie, visit.cookie().reveal(), Invitations.VISIT);
  }

  Response left(Request request, Response response) {
    visit(request).ifPresent(invitations::leave);
    return response.withCookie(cookie, "", Duration.ZERO);
  }
}
