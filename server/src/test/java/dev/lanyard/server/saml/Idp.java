package dev.lanyard.server.saml;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/// An identity provider of the tests: a name, a key, and a hand that signs whatever it is given.
public record Idp(String entityId, KeyPair keys, X509Certificate certificate) {
  public static final String ENTITY_ID = "https://idp.example/saml";
  static final String EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
  static final String RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
  static final String ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
  static final String SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";

  /// Keys are dear, and all tests can share these.
  public static final Idp RSA = make("RSA", 2048);

  static final Idp EC = make("EC", 256);

  public static Idp make(String algorithm, int size) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      var keys = generator.generateKeyPair();
      var name = new X500Name("CN=idp");
      // Of a certificate only the key counts: this one has expired.
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.ONE,
              Date.from(Instant.EPOCH),
              Date.from(Instant.EPOCH.plus(1, ChronoUnit.DAYS)),
              name,
              keys.getPublic());
      var how = algorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      var signer = new JcaContentSignerBuilder(how).build(keys.getPrivate());
      var certificate = new JcaX509CertificateConverter().getCertificate(builder.build(signer));
      return new Idp(ENTITY_ID, keys, certificate);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  public ProviderDescription description() {
    return new ProviderDescription(
        entityId,
        URI.create("https://idp.example/sso"),
        Optional.of(URI.create("https://idp.example/slo")),
        List.of(certificate),
        Optional.empty());
  }

  /// Its metadata.
  ///
  /// @param singleSignOn where it is to be asked
  public String metadata(String singleSignOn) {
    return """
    <EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%s">
      <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
        <KeyDescriptor use="signing">
          <KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">
            <X509Data><X509Certificate>%s</X509Certificate></X509Data>
          </KeyInfo>
        </KeyDescriptor>
        <SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
            Location="https://idp.example/slo"/>
        <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
            Location="https://idp.example/post"/>
        <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
            Location="%s"/>
      </IDPSSODescriptor>
    </EntityDescriptor>
    """
        .formatted(entityId, pem(), singleSignOn);
  }

  private String pem() {
    try {
      return Base64.getEncoder().encodeToString(certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String algorithm() {
    return keys.getPrivate().getAlgorithm().equals("RSA") ? RSA_SHA256 : ECDSA_SHA256;
  }

  /// How a signature is to look.
  ///
  /// @param reference the URI; `#` and the ID of the element if it is to be right
  record Style(
      String algorithm,
      String digest,
      String canonicalization,
      Optional<String> reference,
      List<Transform> transforms,
      Optional<Key> key,
      int references) {

    Style signedBy(String another, Key signer) {
      return new Style(
          another,
          digest,
          canonicalization,
          reference,
          transforms,
          Optional.of(signer),
          references);
    }

    Style digestedBy(String another) {
      return new Style(
          algorithm, another, canonicalization, reference, transforms, key, references);
    }

    Style canonicalizedBy(String another) {
      return new Style(algorithm, digest, another, reference, transforms, key, references);
    }

    Style referringTo(String uri) {
      return new Style(
          algorithm, digest, canonicalization, Optional.of(uri), transforms, key, references);
    }

    Style transformedBy(Transform... others) {
      return new Style(
          algorithm, digest, canonicalization, reference, List.of(others), key, references);
    }

    Style twice() {
      return new Style(algorithm, digest, canonicalization, reference, transforms, key, 2);
    }
  }

  Style style() {
    return new Style(
        algorithm(),
        SHA256,
        EXCLUSIVE,
        Optional.empty(),
        List.of(transform(Transform.ENVELOPED), transform(EXCLUSIVE)),
        Optional.empty(),
        1);
  }

  static Transform transform(String algorithm) {
    return transform(algorithm, null);
  }

  static Transform transform(
      String algorithm, @org.jspecify.annotations.Nullable TransformParameterSpec parameters) {
    try {
      return factory().newTransform(algorithm, parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static XMLSignatureFactory factory() {
    return XMLSignatureFactory.getInstance("DOM");
  }

  /// Signs the element with this ID and puts the signature behind its issuer.
  public String signed(String xml, String id) {
    return signed(xml, id, style());
  }

  String signed(String xml, String id, Style style) {
    var document = parse(xml);
    sign(find(document, id), style);
    return write(document);
  }

  private void sign(Element element, Style style) {
    try {
      element.setIdAttributeNS(null, "ID", true);
      var factory = factory();
      var uri = style.reference().orElse("#" + element.getAttribute("ID"));
      var reference =
          factory.newReference(
              uri, factory.newDigestMethod(style.digest(), null), style.transforms(), null, null);
      var info =
          factory.newSignedInfo(
              factory.newCanonicalizationMethod(
                  style.canonicalization(), (C14NMethodParameterSpec) null),
              factory.newSignatureMethod(style.algorithm(), null),
              java.util.Collections.nCopies(style.references(), reference));
      var keyInfo = factory.getKeyInfoFactory();
      var data = keyInfo.newX509Data(List.of(certificate));
      var issuer = element.getElementsByTagNameNS(Names.ASSERTION, "Issuer").item(0);
      var context =
          new DOMSignContext(
              style.key().orElse(keys.getPrivate()), element, issuer.getNextSibling());
      context.setProperty("org.jcp.xml.dsig.secureValidation", false);
      context.setDefaultNamespacePrefix("ds");
      factory.newXMLSignature(info, keyInfo.newKeyInfo(List.of(data))).sign(context);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static Document parse(String xml) {
    try {
      var factory = DocumentBuilderFactory.newDefaultNSInstance();
      return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    } catch (Exception e) {
      throw new IllegalStateException(xml, e);
    }
  }

  static Element find(Document document, String id) {
    var all = document.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      if (all.item(i) instanceof Element one && one.getAttribute("ID").equals(id)) {
        return one;
      }
    }
    throw new IllegalStateException("no element " + id);
  }

  static String write(Document document) {
    try {
      var out = new StringWriter();
      var transformer = TransformerFactory.newDefaultInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      transformer.transform(new DOMSource(document), new StreamResult(out));
      return out.toString();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// The request that a browser was sent away with.
  public static Element request(URI sentTo) {
    try {
      var message = Form.parse(sentTo.getRawQuery(), Set.of()).required("SAMLRequest");
      return parse(new String(RedirectBinding.inflated(message), StandardCharsets.UTF_8))
          .getDocumentElement();
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A request to log somebody out, before it is signed.
  ///
  /// @param more what comes behind the issuer
  public String logoutRequest(Instant at, String destination, String more) {
    return """
    <samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"\
     xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_logout" Version="2.0"\
     IssueInstant="%s" Destination="%s"><saml:Issuer>%s</saml:Issuer>%s</samlp:LogoutRequest>\
    """
        .formatted(at, destination, entityId, more);
  }

  /// The URL that carries a request, signed by this provider.
  public URI redirected(String destination, String xml, Optional<String> relayState) {
    return RedirectBinding.url(
        URI.create(destination),
        RedirectBinding.Kind.REQUEST,
        xml,
        relayState,
        Optional.of(new RequestSigning(keys.getPrivate(), certificate)));
  }

  public static String base64(String xml) {
    return Base64.getEncoder().encodeToString(xml.getBytes(StandardCharsets.UTF_8));
  }
}
