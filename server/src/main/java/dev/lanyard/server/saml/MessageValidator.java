package dev.lanyard.server.saml;

import static dev.lanyard.server.saml.Names.ASSERTION;
import static dev.lanyard.server.saml.Names.PROTOCOL;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.json.MalformedException;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides whether an assertion can be believed: one in the response to a sign-in, or one that is
/// presented by itself. Thread-safe.
///
/// An assertion is consumed only if a good signature covers it: its own, or that of the response
/// that it stands in. Every signature that is there must be good. **Does not check** whether it is
/// used for the first time ([SamlReplay]).
///
/// SAML 2.0 Profiles §4.1.4.
///
/// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf SAML 2.0 Profiles
final class MessageValidator {
  private final String issuer;
  private final Signed signed;
  private final AssertionReader reader;

  /// @param issuer the entity id of the provider
  MessageValidator(String issuer, Signed signed, ClockSkew skew, InstantSource clock) {
    this.issuer = issuer;
    this.signed = signed;
    this.reader = new AssertionReader(issuer, skew, clock);
  }

  /// Judges the response to a sign-in.
  ///
  /// @param xml as it was received
  /// @param destination where it was received
  SamlAssertion response(
      byte[] xml, String entityId, String destination, String requestId, List<PublicKey> keys)
      throws RefusedException {
    try {
      var response = XmlParser.parse(xml);
      rooted(response, PROTOCOL, "Response");
      checkStatus(response);
      AssertionReader.refuseEncrypted(response);
      var covered = covered(response, keys);
      checkEnvelope(
          covered.response(), SignatureVerifier.isSigned(response), destination, requestId);
      var expected = new Expectation(Map.of(entityId, Set.of(destination)), Optional.of(requestId));
      return reader.read(covered.assertion(), expected);
    } catch (MalformedException e) {
      throw malformed(e);
    }
  }

  /// Judges an assertion that somebody presents who received it as a service provider. It must be
  /// signed itself.
  SamlAssertion assertion(byte[] xml, Map<String, Set<String>> audiences, List<PublicKey> keys)
      throws RefusedException {
    try {
      var assertion = XmlParser.parse(xml);
      rooted(assertion, ASSERTION, "Assertion");
      onlyOne(assertion);
      if (!SignatureVerifier.isSigned(assertion)) {
        throw unsigned("Assertion");
      }
      signaturesOnlyAt(assertion, 1);
      var verified = SignatureVerifier.verified(assertion, keys);
      return reader.read(verified, new Expectation(audiences, Optional.empty()));
    } catch (MalformedException e) {
      throw malformed(e);
    }
  }

  /// @param response what its signature covers, or the response as it came if it is not signed
  /// @param assertion what a signature covers
  private record Covered(SamlElement response, SamlElement assertion) {}

  private Covered covered(SamlElement received, List<PublicKey> keys)
      throws RefusedException, MalformedException {
    onlyOne(received);
    var assertion = received.only(ASSERTION, "Assertion");
    boolean whole = SignatureVerifier.isSigned(received);
    boolean own = SignatureVerifier.isSigned(assertion);
    signaturesOnlyAt(received, (whole ? 1 : 0) + (own ? 1 : 0));
    if (!(whole || own)
        || (signed == Signed.RESPONSE && !whole)
        || (signed == Signed.ASSERTION && !own)) {
      throw unsigned(
          switch (signed) {
            case RESPONSE -> "Response";
            case ASSERTION -> "Assertion";
            case EITHER -> "Response or Assertion";
          });
    }
    // From here on the message as it came is not looked at again, if it was signed as a whole.
    var response = whole ? SignatureVerifier.verified(received, keys) : received;
    var inner = response.only(ASSERTION, "Assertion");
    return new Covered(response, own ? SignatureVerifier.verified(inner, keys) : inner);
  }

  /// Of wrappings there are many; all of them need a second assertion.
  private static void onlyOne(SamlElement root) throws RefusedException {
    int assertions = root.count(ASSERTION, "Assertion");
    if (assertions != 1) {
      throw new RefusedException(
          "assertions", "1 in the whole message", Integer.toString(assertions), "SEC-12");
    }
  }

  private static void signaturesOnlyAt(SamlElement root, int expected) throws RefusedException {
    int signatures = root.count(Names.SIGNATURE, "Signature");
    if (signatures != expected) {
      throw new RefusedException(
          "signatures",
          expected + ", in the Response or the Assertion itself",
          Integer.toString(signatures),
          "SEC-12");
    }
  }

  private void checkEnvelope(
      SamlElement response, boolean signedAsWhole, String destination, String requestId)
      throws RefusedException, MalformedException {
    AssertionReader.equal("Version", Names.VERSION, response.attribute("Version"), "IDP-43");
    var sentTo = response.attribute("Destination");
    // SAML Bindings §3.5.5.2: whoever signs a message says to whom.
    if (sentTo.isPresent() || signedAsWhole) {
      AssertionReader.equal("Destination", destination, sentTo, "SEC-12");
    }
    AssertionReader.equal("InResponseTo", requestId, response.attribute("InResponseTo"), "SEC-12");
    var sender = response.child(ASSERTION, "Issuer");
    if (sender.isPresent()) {
      AssertionReader.equal("Issuer", issuer, Optional.of(sender.get().text()), "IDP-43");
    }
  }

  /// First of all: who says no sends no assertion, and a no need not be proved.
  private static void checkStatus(SamlElement response)
      throws RefusedException, MalformedException {
    var code = response.only(PROTOCOL, "Status").only(PROTOCOL, "StatusCode");
    AssertionReader.equal("Status", Names.SUCCESS, Optional.of(status(code)), "IDP-43");
  }

  /// The code, and the more exact one below it.
  private static String status(SamlElement code) throws MalformedException {
    var detail = code.child(PROTOCOL, "StatusCode");
    return detail.isPresent()
        ? code.required("Value") + " " + detail.get().required("Value")
        : code.required("Value");
  }

  static void rooted(SamlElement root, String namespace, String name) throws RefusedException {
    if (!root.is(namespace, name)) {
      throw new RefusedException("message", "a " + name, root.name(), "SEC-12");
    }
  }

  private static RefusedException unsigned(String what) {
    return new RefusedException("Signature", "of the " + what, "none", "SEC-12");
  }

  static RefusedException malformed(MalformedException e) {
    return new RefusedException(
        "message", "well-formed SAML", String.valueOf(e.getMessage()), "SEC-12");
  }
}
