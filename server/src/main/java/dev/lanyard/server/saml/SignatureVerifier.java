package dev.lanyard.server.saml;

import static dev.lanyard.server.saml.Names.SIGNATURE;

import dev.lanyard.protocol.json.MalformedException;
import java.io.IOException;
import java.security.Key;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;

/// Verifies the signature of an element over itself, and gives what was signed: **the octets that
/// were digested, parsed anew**. Whatever stood elsewhere in the document is not in them, so no
/// reader can be led from the element that was verified to another one (SEC-12).
///
/// A signature has one form here, and everything else is refused before any key is tried: one
/// reference, to the ID of the element that the signature stands in; the transforms
/// enveloped-signature and exclusive canonicalisation; algorithms of an allow-list. What the
/// message says about keys is cut out unread.
///
/// SAML 2.0 Core §5.4.
///
/// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf SAML 2.0 Core
final class SignatureVerifier {
  private static final String EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
  private static final String ENVELOPED = SIGNATURE + "enveloped-signature";

  /// Signature algorithms with the kind of key that they take.
  static final Map<String, String> ALGORITHMS =
      Map.of(
          "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "RSA",
          "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", "RSA",
          "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "RSA",
          "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "EC",
          "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", "EC",
          "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", "EC");

  private static final Set<String> DIGESTS =
      Set.of(
          "http://www.w3.org/2001/04/xmlenc#sha256",
          "http://www.w3.org/2001/04/xmldsig-more#sha384",
          "http://www.w3.org/2001/04/xmlenc#sha512");

  private SignatureVerifier() {}

  /// Whether an element has a signature over itself, good or bad.
  static boolean isSigned(SamlElement element) {
    return !element.children(SIGNATURE, "Signature").isEmpty();
  }

  /// What was signed.
  ///
  /// @param element an element with [a signature][#isSigned]
  /// @param keys those of the provider; one must have signed
  /// @throws RefusedException if the signature is not good; of a signature that no key has made the
  ///   check is `signature`
  static SamlElement verified(SamlElement element, List<PublicKey> keys) throws RefusedException {
    try {
      var signature = element.only(SIGNATURE, "Signature");
      var algorithm = profile(element, signature);
      signature
          .child(SIGNATURE, "KeyInfo")
          .ifPresent(info -> signature.element().removeChild(info.element()));
      for (var key : keys) {
        if (key.getAlgorithm().equals(ALGORITHMS.get(algorithm))) {
          var octets = signedOctets(element, signature, key);
          if (octets.isPresent()) {
            return same(element, XmlParser.parse(octets.get()));
          }
        }
      }
      throw new RefusedException(
          "signature",
          "of " + element.name() + " by one of " + keys.size() + " keys of the provider",
          algorithm + " by another, or over something else",
          "SEC-12");
    } catch (MalformedException e) {
      throw new RefusedException(
          "Signature", "as SAML profiles it", String.valueOf(e.getMessage()), "SEC-12");
    }
  }

  /// Checks the form of a signature.
  ///
  /// @return the algorithm
  private static String profile(SamlElement element, SamlElement signature)
      throws MalformedException, RefusedException {
    children(signature, "SignedInfo", "SignatureValue", "KeyInfo");
    var info = signature.only(SIGNATURE, "SignedInfo");
    children(info, "CanonicalizationMethod", "SignatureMethod", "Reference");
    algorithm(info.only(SIGNATURE, "CanonicalizationMethod"), Set.of(EXCLUSIVE));
    var reference = info.only(SIGNATURE, "Reference");
    children(reference, "Transforms", "DigestMethod", "DigestValue");
    var expected = "#" + element.required("ID");
    var uri = reference.attribute("URI").orElse("none");
    if (!uri.equals(expected)) {
      throw new RefusedException("Reference", expected, uri, "SEC-12");
    }
    var transforms = reference.only(SIGNATURE, "Transforms").children();
    var asked = transforms.stream().map(one -> one.attribute("Algorithm").orElse("none")).toList();
    if (!asked.equals(List.of(ENVELOPED, EXCLUSIVE))
        || !transforms.getFirst().children().isEmpty()) {
      throw new RefusedException(
          "Transforms", List.of(ENVELOPED, EXCLUSIVE).toString(), asked.toString(), "SEC-12");
    }
    prefixesOnly(transforms.getLast());
    algorithm(reference.only(SIGNATURE, "DigestMethod"), DIGESTS);
    return algorithm(info.only(SIGNATURE, "SignatureMethod"), ALGORITHMS.keySet());
  }

  private static void children(SamlElement element, String... allowed) throws MalformedException {
    for (var child : element.children()) {
      if (!SIGNATURE.equals(child.element().getNamespaceURI())
          || !Set.of(allowed).contains(child.name())) {
        throw new MalformedException("an element " + child.name() + " in " + element.name());
      }
    }
  }

  private static String algorithm(SamlElement method, Set<String> allowed)
      throws MalformedException, RefusedException {
    var algorithm = method.required("Algorithm");
    if (!allowed.contains(algorithm)) {
      throw new RefusedException(
          method.name(), "one of " + allowed.stream().sorted().toList(), algorithm, "SEC-12");
    }
    prefixesOnly(method);
    return algorithm;
  }

  /// Exclusive canonicalisation may name prefixes; no other algorithm has parameters here.
  private static void prefixesOnly(SamlElement method) throws MalformedException {
    for (var child : method.children()) {
      if (!child.is(EXCLUSIVE, "InclusiveNamespaces")) {
        throw new MalformedException("a parameter " + child.name() + " of " + method.name());
      }
    }
  }

  /// The octets that were digested; empty if this key has not signed them.
  private static Optional<byte[]> signedOctets(SamlElement element, SamlElement signature, Key key)
      throws MalformedException {
    var context =
        new DOMValidateContext(KeySelector.singletonKeySelector(key), signature.element());
    context.setProperty("org.jcp.xml.dsig.secureValidation", true);
    context.setProperty("javax.xml.crypto.dsig.cacheReference", true);
    context.setIdAttributeNS(element.element(), null, "ID");
    try {
      XMLSignature read = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
      if (!read.validate(context)) {
        return Optional.empty();
      }
      Reference reference = read.getSignedInfo().getReferences().getFirst();
      return Optional.of(reference.getDigestInputStream().readAllBytes());
    } catch (MarshalException e) {
      throw new MalformedException("a signature that cannot be read: " + e.getMessage());
    } catch (XMLSignatureException e) {
      // Of another length than this key makes: another key's.
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("the octets are in memory", e);
    }
  }

  private static SamlElement same(SamlElement asked, SamlElement signed) throws MalformedException {
    if (!signed.is(asked.element().getNamespaceURI(), asked.name())
        || !signed.attribute("ID").equals(asked.attribute("ID"))) {
      throw new MalformedException("what was signed is another element");
    }
    return signed;
  }
}
