package dev.lanyard.server.ras.administration;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.SecretCookie;
import dev.lanyard.server.ras.enrolment.Invitations;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.sessions.FormToken;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Who sits before the browser of an organisation's administrator: by a cookie that no script
/// reads, no other host can set and no foreign page sends (AC-10).
final class Entrance {
  private static final String NAME = "lanyard-organisation";

  /// A sign-in elsewhere takes no longer.
  private static final Duration SIGN_IN = Duration.ofMinutes(10);

  private final SecretCookie cookie;
  private final SecretCookie signIn;
  private final String origin;
  private final Invitations invitations;

  Entrance(Issuer self, Invitations invitations) {
    this.cookie = new SecretCookie(self.uri(), NAME);
    this.signIn = new SecretCookie(self.uri(), NAME + "-sign-in");
    this.origin = origin(self.uri());
    this.invitations = invitations;
  }

  private static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  /// Somebody who came in.
  ///
  /// @param formToken what every form of theirs carries
  record Visitor(EnrolledOrganisation organisation, FormToken formToken) {}

  Optional<Visitor> visitor(Request request) {
    return visit(request)
        .flatMap(secret ->
            invitations
                .visitor(secret)
                .map(organisation -> new Visitor(organisation, FormToken.of(secret))));
  }

  /// The same for a form, which must have been made for this browser.
  Optional<Visitor> visitor(Request request, Form form) {
    return visitor(request).filter(one -> isOfOurs(request) && one.formToken().isIn(form));
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
    return signIn.of(request);
  }

  Response sent(Response response, Secret binding) {
    return signIn.put(response, binding, SIGN_IN);
  }

  /// The cookie of somebody who came in, whether or not it still counts.
  Optional<Secret> visit(Request request) {
    return cookie.of(request);
  }

  Response entered(Response response, Invitations.Visit visit) {
    return cookie.put(response, visit.cookie(), Invitations.VISIT);
  }

  Response left(Request request, Response response) {
    visit(request).ifPresent(invitations::leave);
    return cookie.remove(response);
  }
}
