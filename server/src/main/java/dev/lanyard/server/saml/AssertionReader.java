package dev.lanyard.server.saml;

import static dev.lanyard.server.saml.Names.ASSERTION;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads an assertion **whose signature was verified**, and checks that it is meant for us and for
/// now (IDP-15).
///
/// SAML 2.0 Profiles §4.1.4.3.
///
/// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf SAML 2.0 Profiles
final class AssertionReader {
  private static final String REQUIREMENT = "IDP-15";

  /// Conditions that ask for nothing that is not done anyway, or that bind others.
  private static final Set<String> KNOWN_CONDITIONS =
      Set.of("AudienceRestriction", "OneTimeUse", "ProxyRestriction");

  private final String issuer;
  private final ClockSkew skew;
  private final InstantSource clock;

  /// @param issuer the entity id of the provider
  AssertionReader(String issuer, ClockSkew skew, InstantSource clock) {
    this.issuer = issuer;
    this.skew = skew;
    this.clock = clock;
  }

  /// What it says.
  ///
  /// @param signed what was signed, or is in what was signed
  /// @throws RefusedException with the first check that failed
  SamlAssertion read(SamlElement signed, Expectation expected)
      throws RefusedException, MalformedException {
    equal("Version", Names.VERSION, signed.attribute("Version"), REQUIREMENT);
    checkIssuer(signed);
    var issuedAt = signed.instant("IssueInstant").orElseThrow(() -> missing("IssueInstant"));
    notAhead("IssueInstant", issuedAt);
    refuseEncrypted(signed);
    var subject = signed.only(ASSERTION, "Subject");
    var conditions = signed.only(ASSERTION, "Conditions");
    var audience = audience(conditions, expected);
    checkConditions(conditions);
    var confirmed = confirmation(subject, expected, audience);
    var statement = signed.only(ASSERTION, "AuthnStatement");
    var sessionEndsBy = statement.instant("SessionNotOnOrAfter");
    notOver("SessionNotOnOrAfter", sessionEndsBy);
    var nameId = subject.child(ASSERTION, "NameID");
    return new SamlAssertion(
        new SamlAssertion.Facts(
            signed.required("ID"),
            issuer,
            audience,
            issuedAt,
            confirmed,
            nameId.isPresent() ? Optional.of(NameId.of(nameId.get())) : Optional.empty(),
            authentication(statement),
            statement.attribute("SessionIndex").filter(index -> !index.isBlank()),
            sessionEndsBy,
            attributes(signed)));
  }

  private void checkIssuer(SamlElement signed) throws RefusedException, MalformedException {
    var said = signed.only(ASSERTION, "Issuer");
    equal("Issuer", issuer, Optional.of(said.text()), REQUIREMENT);
    var format = said.attribute("Format").orElse(Names.ENTITY);
    equal("Issuer Format", Names.ENTITY, Optional.of(format), REQUIREMENT);
  }

  /// Refuses what is encrypted, which is not read here.
  static void refuseEncrypted(SamlElement element) throws RefusedException {
    for (var name : List.of("EncryptedAssertion", "EncryptedID", "EncryptedAttribute")) {
      if (element.count(ASSERTION, name) > 0) {
        throw new RefusedException(
            new SamlVerdict.Unsupported(
                new Evidence(name, "none: encryption is not supported", "one", REQUIREMENT),
                "turn off the encryption of assertions for this application at the identity"
                    + " provider; they travel over TLS and are signed"));
      }
    }
  }

  /// Every restriction must name us; it is the same of our names in all of them.
  private static String audience(SamlElement conditions, Expectation expected)
      throws RefusedException, MalformedException {
    var ours = new LinkedHashSet<>(expected.audiences().keySet());
    var restrictions = conditions.children(ASSERTION, "AudienceRestriction");
    var named = new ArrayList<String>();
    for (var restriction : restrictions) {
      var audiences = new ArrayList<String>();
      for (var audience : restriction.children(ASSERTION, "Audience")) {
        audiences.add(audience.text());
      }
      ours.retainAll(audiences);
      named.addAll(audiences);
    }
    if (restrictions.isEmpty() || ours.isEmpty()) {
      throw new RefusedException(
          "Audience", expected.audiences().keySet().toString(), named.toString(), REQUIREMENT);
    }
    return ours.getFirst();
  }

  private void checkConditions(SamlElement conditions) throws RefusedException, MalformedException {
    for (var condition : conditions.children()) {
      // SAML Core §2.5.1.1: whoever does not understand a condition cannot say that it is met.
      if (!ASSERTION.equals(condition.element().getNamespaceURI())
          || !KNOWN_CONDITIONS.contains(condition.name())) {
        throw new RefusedException(
            "Conditions", KNOWN_CONDITIONS.toString(), condition.name(), REQUIREMENT);
      }
    }
    var notBefore = conditions.instant("NotBefore");
    if (notBefore.isPresent()) {
      notAhead("NotBefore", notBefore.get());
    }
    notOver("NotOnOrAfter", conditions.instant("NotOnOrAfter"));
  }

  /// Looks for a confirmation that whoever bears the assertion is its subject.
  ///
  /// @return until when it confirms
  private Instant confirmation(SamlElement subject, Expectation expected, String audience)
      throws RefusedException, MalformedException {
    Optional<RefusedException> first = Optional.empty();
    for (var confirmation : subject.children(ASSERTION, "SubjectConfirmation")) {
      try {
        return confirmed(confirmation, expected, audience);
      } catch (RefusedException e) {
        first = first.isPresent() ? first : Optional.of(e);
      }
    }
    throw first.orElseGet(() -> missing("SubjectConfirmation"));
  }

  private Instant confirmed(SamlElement confirmation, Expectation expected, String audience)
      throws RefusedException, MalformedException {
    equal("SubjectConfirmation", Names.BEARER, confirmation.attribute("Method"), REQUIREMENT);
    var data = confirmation.only(ASSERTION, "SubjectConfirmationData");
    var recipients = expected.audiences().getOrDefault(audience, Set.of());
    var recipient = data.attribute("Recipient");
    if (recipient.filter(recipients::contains).isEmpty()) {
      throw new RefusedException(
          "Recipient", recipients.toString(), recipient.orElse("none"), REQUIREMENT);
    }
    if (expected.requestId().isPresent()) {
      var answered = data.attribute("InResponseTo");
      equal("InResponseTo", expected.requestId().get(), answered, "SEC-12");
    }
    var notBefore = data.instant("NotBefore");
    if (notBefore.isPresent()) {
      notAhead("SubjectConfirmation NotBefore", notBefore.get());
    }
    var end = data.instant("NotOnOrAfter");
    notOver("SubjectConfirmation NotOnOrAfter", end);
    return end.orElseThrow(() -> missing("SubjectConfirmation NotOnOrAfter"));
  }

  private AuthenticationContext authentication(SamlElement statement)
      throws RefusedException, MalformedException {
    var at = statement.instant("AuthnInstant").orElseThrow(() -> missing("AuthnInstant"));
    notAhead("AuthnInstant", at);
    var context = statement.only(ASSERTION, "AuthnContext");
    var classRef = context.child(ASSERTION, "AuthnContextClassRef");
    return new AuthenticationContext(
        Optional.of(at),
        classRef.isPresent() ? Optional.of(classRef.get().text()) : Optional.empty(),
        List.of());
  }

  /// The attributes with their values that are text; others, such as a NameID in a value, are left
  /// out.
  private static Map<String, List<String>> attributes(SamlElement signed)
      throws MalformedException {
    var attributes = new LinkedHashMap<String, List<String>>();
    for (var statement : signed.children(ASSERTION, "AttributeStatement")) {
      for (var attribute : statement.children(ASSERTION, "Attribute")) {
        var values = attributes.computeIfAbsent(attribute.required("Name"), _ -> new ArrayList<>());
        for (var value : attribute.children(ASSERTION, "AttributeValue")) {
          var text = value.element().getTextContent();
          if (value.children().isEmpty() && !text.isBlank()) {
            values.add(text);
          }
        }
      }
    }
    return attributes;
  }

  private void notAhead(String check, Instant moment) throws RefusedException {
    if (skew.isAhead(moment, clock.instant())) {
      throw new RefusedException(
          check, "not after " + clock.instant(), moment.toString(), REQUIREMENT);
    }
  }

  private void notOver(String check, Optional<Instant> end) throws RefusedException {
    if (end.filter(moment -> skew.isOver(moment, clock.instant())).isPresent()) {
      throw new RefusedException(
          check, "after " + clock.instant(), end.get().toString(), REQUIREMENT);
    }
  }

  static void equal(String check, String expected, Optional<String> actual, String requirement)
      throws RefusedException {
    if (!actual.equals(Optional.of(expected))) {
      throw new RefusedException(check, expected, actual.orElse("none"), requirement);
    }
  }

  private static RefusedException missing(String check) {
    return new RefusedException(check, "there", "none", REQUIREMENT);
  }
}
