package dev.lanyard.server.saml;

import static dev.lanyard.server.saml.Names.ASSERTION;
import static dev.lanyard.server.saml.Names.PROTOCOL;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides whether a logout request is a provider's. It must be signed, whatever brings it.
///
/// A request twice has one effect: whoever acts on it names it by its id. Thread-safe.
///
/// SAML 2.0 Profiles §4.4.
///
/// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf SAML 2.0 Profiles
final class LogoutValidator {
  private static final String REQUIREMENT = "IDP-43";

  /// A request is for now; what is older was kept by somebody.
  private static final Duration FRESH = Duration.ofMinutes(10);

  private final String issuer;
  private final ServiceProvider self;
  private final ClockSkew skew;
  private final InstantSource clock;

  /// @param issuer the entity id of the provider
  LogoutValidator(String issuer, ServiceProvider self, ClockSkew skew, InstantSource clock) {
    this.issuer = issuer;
    this.self = self;
    this.skew = skew;
    this.clock = clock;
  }

  /// Judges a request in a form.
  SamlLogout posted(byte[] xml, List<PublicKey> keys) throws RefusedException {
    try {
      var request = XmlParser.parse(xml);
      MessageValidator.rooted(request, PROTOCOL, "LogoutRequest");
      if (!SignatureVerifier.isSigned(request)) {
        throw unsigned();
      }
      return read(SignatureVerifier.verified(request, keys));
    } catch (MalformedException e) {
      throw MessageValidator.malformed(e);
    }
  }

  /// Judges a request in a URL.
  ///
  /// @param query the raw query: the signature is over it
  SamlLogout redirected(String query, List<PublicKey> keys) throws RefusedException {
    try {
      var form = Form.parse(query, Set.of());
      if (!form.has("Signature")) {
        throw unsigned();
      }
      if (!RedirectBinding.isSigned(query, RedirectBinding.Kind.REQUEST, keys)) {
        throw new RefusedException(
            "signature",
            "of the query by one of " + keys.size() + " keys of the provider",
            "by another, or over something else",
            "SEC-12");
      }
      var request =
          XmlParser.parse(
              RedirectBinding.inflated(form.required(RedirectBinding.Kind.REQUEST.parameter())));
      MessageValidator.rooted(request, PROTOCOL, "LogoutRequest");
      return read(request);
    } catch (MalformedException e) {
      throw MessageValidator.malformed(e);
    }
  }

  private SamlLogout read(SamlElement request) throws RefusedException, MalformedException {
    AssertionReader.equal("Version", Names.VERSION, request.attribute("Version"), REQUIREMENT);
    AssertionReader.equal(
        "Issuer", issuer, Optional.of(request.only(ASSERTION, "Issuer").text()), REQUIREMENT);
    AssertionReader.equal(
        "Destination", self.logout().toString(), request.attribute("Destination"), "SEC-12");
    var issuedAt = issuedAt(request);
    AssertionReader.refuseEncrypted(request);
    var name = NameId.of(request.only(ASSERTION, "NameID"));
    var indexes = new ArrayList<String>();
    for (var index : request.children(PROTOCOL, "SessionIndex")) {
      indexes.add(index.text());
    }
    return new SamlLogout(
        request.required("ID"), name.key(issuer, self.entityId()), indexes, issuedAt);
  }

  private Instant issuedAt(SamlElement request) throws RefusedException, MalformedException {
    var now = clock.instant();
    var issuedAt = request.instant("IssueInstant");
    if (issuedAt
        .filter(at -> !skew.isAhead(at, now) && !skew.isOlderThan(FRESH, at, now))
        .isEmpty()) {
      throw new RefusedException(
          "IssueInstant",
          "at most " + FRESH.toMinutes() + " min before " + now,
          issuedAt.map(Instant::toString).orElse("none"),
          REQUIREMENT);
    }
    var end = request.instant("NotOnOrAfter");
    if (end.filter(at -> skew.isOver(at, now)).isPresent()) {
      throw new RefusedException("NotOnOrAfter", "after " + now, end.get().toString(), REQUIREMENT);
    }
    return issuedAt.get();
  }

  private static RefusedException unsigned() {
    return new RefusedException("Signature", "of the LogoutRequest", "none", "SEC-12");
  }
}
