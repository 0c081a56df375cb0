package dev.lanyard.server.saml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.pair.TestClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.spec.XPathFilterParameterSpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SAML 2.0 Profiles §4.1.4: the answer to a sign-in, and an assertion by itself")
class MessageValidatorTest {
  private static final String SELF = "https://broker.example/saml/idp/metadata";
  private static final String ACS = "https://broker.example/saml/idp/acs";
  private static final String REQUEST = "_request";

  private final TestClock clock = new TestClock();
  private final Instant now = clock.instant();
  private final Idp idp = Idp.RSA;

  private SamlProvider provider(Signed signed, Idp... idps) {
    var description =
        new ProviderDescription(
            Idp.ENTITY_ID,
            URI.create("https://idp.example/sso"),
            Optional.empty(),
            List.of(idps).stream().map(Idp::certificate).toList(),
            Optional.empty());
    return new SamlProvider(
        new SamlConfig(Idp.ENTITY_ID, new SamlConfig.Source.Fixed(description), signed),
        new ServiceProvider(
            SELF,
            URI.create(ACS),
            URI.create("https://broker.example/saml/idp/logout"),
            "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            Optional.empty()),
        new EgressClient(EgressPolicy.strict()),
        ClockSkew.DEFAULT,
        clock);
  }

  private Draft draft() {
    return new Draft(now, ACS, SELF, REQUEST);
  }

  private SamlVerdict judge(String xml) {
    return provider(Signed.EITHER, idp).judgeResponse(Idp.base64(xml), REQUEST);
  }

  private String signedAssertion(Draft draft) {
    return idp.signed(draft.response(), Draft.ASSERTION_ID);
  }

  /// The assertion signed, with one thing spoilt before.
  private SamlVerdict spoilt(Consumer<Draft> change) {
    var draft = draft();
    change.accept(draft);
    return judge(signedAssertion(draft));
  }

  private static SamlAssertion accepted(SamlVerdict verdict) {
    if (verdict instanceof SamlVerdict.Accepted(var assertion)) {
      return assertion;
    }
    throw new AssertionError("not accepted: " + verdict);
  }

  private static void refused(SamlVerdict verdict, String check) {
    assertThat(verdict).isInstanceOf(SamlVerdict.Rejected.class);
    var evidence = ((SamlVerdict.Rejected) verdict).evidence();
    assertThat(evidence.check()).as(evidence.toString()).isEqualTo(check);
  }

  private static void refused(SamlVerdict verdict, String check, String actual) {
    refused(verdict, check);
    assertThat(((SamlVerdict.Rejected) verdict).evidence().actual()).contains(actual);
  }

  @Nested
  @DisplayName("What is good")
  class Good {
    @Test
    void says_who_signed_in_when_and_how() {
      var assertion = accepted(judge(signedAssertion(draft())));

      assertThat(assertion.id()).isEqualTo(Draft.ASSERTION_ID);
      assertThat(assertion.issuer()).isEqualTo(Idp.ENTITY_ID);
      assertThat(assertion.audience()).isEqualTo(SELF);
      assertThat(assertion.nameId().orElseThrow().value()).isEqualTo("zoe-1");
      assertThat(assertion.nameIdKey()).contains("zoe-1");
      assertThat(assertion.authentication().time()).contains(now);
      assertThat(assertion.authentication().contextClass())
          .contains("urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport");
      assertThat(assertion.sessionIndex()).contains("session-1");
      assertThat(assertion.attribute("uid")).containsExactly("zoe");
      assertThat(assertion.attribute("none")).isEmpty();
      assertThat(assertion.issuedAt()).isEqualTo(now);
      assertThat(assertion.usableUntil()).isEqualTo(now.plus(Duration.ofMinutes(5)));
    }

    @Test
    void is_accepted_with_the_response_signed_the_assertion_or_both() {
      var assertionSigned = signedAssertion(draft());
      var responseSigned = idp.signed(draft().response(), Draft.RESPONSE_ID);
      var both = idp.signed(assertionSigned, Draft.RESPONSE_ID);
      for (var xml : List.of(assertionSigned, responseSigned, both)) {
        assertThat(accepted(judge(xml)).attribute("uid")).containsExactly("zoe");
      }
    }

    @ParameterizedTest
    @CsvSource({
      "RSA, rsa-sha256, http://www.w3.org/2001/04/xmlenc#sha256",
      "RSA, rsa-sha384, http://www.w3.org/2001/04/xmldsig-more#sha384",
      "RSA, rsa-sha512, http://www.w3.org/2001/04/xmlenc#sha512",
      "EC, ecdsa-sha256, http://www.w3.org/2001/04/xmlenc#sha256",
      "EC, ecdsa-sha384, http://www.w3.org/2001/04/xmldsig-more#sha384",
      "EC, ecdsa-sha512, http://www.w3.org/2001/04/xmlenc#sha512"
    })
    void is_accepted_with_every_algorithm_of_the_list(
        String kind, String algorithm, String digest) {
      var signer = kind.equals("RSA") ? Idp.RSA : Idp.EC;
      var style =
          signer
              .style()
              .signedBy(
                  "http://www.w3.org/2001/04/xmldsig-more#" + algorithm, signer.keys().getPrivate())
              .digestedBy(digest);
      var xml = signer.signed(draft().response(), Draft.ASSERTION_ID, style);

      accepted(provider(Signed.ASSERTION, signer).judgeResponse(Idp.base64(xml), REQUEST));
    }

    @Test
    @DisplayName("key rollover: any of the provider's keys may have signed")
    void is_accepted_by_any_of_several_keys() {
      var xml = Idp.EC.signed(draft().response(), Draft.ASSERTION_ID);

      accepted(provider(Signed.EITHER, Idp.RSA, Idp.EC).judgeResponse(Idp.base64(xml), REQUEST));
    }

    @Test
    void may_have_line_breaks_in_its_base64() {
      var base64 =
          Base64.getMimeEncoder()
              .encodeToString(signedAssertion(draft()).getBytes(StandardCharsets.UTF_8));

      accepted(provider(Signed.EITHER, idp).judgeResponse(base64, REQUEST));
    }

    @Test
    void may_leave_out_what_is_optional() {
      var draft =
          draft()
              .replacing(" NotBefore=\"{now}\" NotOnOrAfter=\"{end}\"", "")
              .replacing(" SessionIndex=\"{session}\"", "")
              .replacing("<saml:AuthnContextClassRef>{context}</saml:AuthnContextClassRef>", "")
              .replacing(" Destination=\"{acs}\"", "")
              .replacing("<saml:AttributeStatement>{attributes}</saml:AttributeStatement>", "");

      var assertion = accepted(judge(signedAssertion(draft)));

      assertThat(assertion.sessionIndex()).isEmpty();
      assertThat(assertion.authentication().contextClass()).isEmpty();
    }

    @Test
    void takes_values_of_an_attribute_that_are_text_and_of_the_same_name_together() {
      var draft =
          draft()
              .with(
                  "attributes",
                  "<saml:Attribute Name=\"g\"><saml:AttributeValue>a</saml:AttributeValue>"
                      + "<saml:AttributeValue><saml:NameID>x</saml:NameID></saml:AttributeValue>"
                      + "<saml:AttributeValue> </saml:AttributeValue></saml:Attribute>"
                      + "<saml:Attribute Name=\"g\"><saml:AttributeValue>b &amp; c"
                      + "</saml:AttributeValue></saml:Attribute>");

      assertThat(accepted(judge(signedAssertion(draft))).attribute("g"))
          .containsExactly("a", "b & c");
    }

    @Test
    @DisplayName("RAS-10, IDP-28: a NameID with all its qualifiers")
    void tells_names_apart_by_their_qualifiers() {
      var qualified =
          draft()
              .with(
                  "nameid-attributes",
                  " Format=\"f\" NameQualifier=\"other\" SPNameQualifier=\""
                      + SELF
                      + "\" SPProvidedID=\"z\"");

      var name = accepted(judge(signedAssertion(qualified)));

      assertThat(name.nameId().orElseThrow())
          .isEqualTo(
              new NameId("zoe-1", Optional.of("f"), Optional.of("other"), Optional.of(SELF)));
      assertThat(name.nameIdKey()).contains("{\"nameid\":\"zoe-1\",\"name_qualifier\":\"other\"}");
    }

    @Test
    void says_the_same_of_a_name_whose_qualifiers_are_those_that_are_understood() {
      var understood =
          draft()
              .with(
                  "nameid-attributes",
                  " NameQualifier=\"" + Idp.ENTITY_ID + "\" SPNameQualifier=\"" + SELF + "\"");

      assertThat(accepted(judge(signedAssertion(understood))).nameIdKey()).contains("zoe-1");
    }
  }

  @Nested
  @DisplayName("SEC-12: an assertion is consumed only if a good signature covers it")
  class Signatures {
    @Test
    void refuses_what_nobody_signed() {
      refused(judge(draft().response()), "Signature", "none");
    }

    @Test
    void refuses_what_was_changed_after_it_was_signed() {
      refused(judge(signedAssertion(draft()).replace("zoe-1", "ana-1")), "signature");
      var whole = idp.signed(draft().response(), Draft.RESPONSE_ID);
      refused(judge(whole.replace("zoe-1", "ana-1")), "signature");
    }

    @Test
    void refuses_a_signature_of_another_key() {
      var another = Idp.make("RSA", 2048);

      refused(judge(another.signed(draft().response(), Draft.ASSERTION_ID)), "signature");
    }

    @Test
    @DisplayName("the KeyInfo of a message counts for nothing")
    void refuses_a_key_that_the_message_brings_itself() {
      var attacker = Idp.make("RSA", 2048);
      var xml = attacker.signed(draft().response(), Draft.ASSERTION_ID);
      assertThat(xml).contains("X509Certificate");

      refused(judge(xml), "signature");
    }

    @Test
    void accepts_the_right_key_beside_the_key_info_of_somebody_else() {
      var xml = signedAssertion(draft());
      var certificate = xml.indexOf("<ds:X509Certificate>");
      var odd =
          xml.substring(0, certificate)
              + "<ds:X509Certificate>AAAA"
              + xml.substring(xml.indexOf("</ds:X509Certificate>"));

      accepted(judge(odd));
    }

    @Test
    void demands_the_signature_that_the_configuration_demands() {
      var assertionSigned = Idp.base64(signedAssertion(draft()));
      var responseSigned = Idp.base64(idp.signed(draft().response(), Draft.RESPONSE_ID));

      refused(provider(Signed.RESPONSE, idp).judgeResponse(assertionSigned, REQUEST), "Signature");
      refused(provider(Signed.ASSERTION, idp).judgeResponse(responseSigned, REQUEST), "Signature");
      accepted(provider(Signed.RESPONSE, idp).judgeResponse(responseSigned, REQUEST));
      accepted(provider(Signed.ASSERTION, idp).judgeResponse(assertionSigned, REQUEST));
    }

    @Test
    @DisplayName("every signature that is there must be good")
    void refuses_a_bad_signature_beside_a_good_one() {
      var another = Idp.make("RSA", 2048);
      var inner = another.signed(draft().response(), Draft.ASSERTION_ID);
      refused(judge(idp.signed(inner, Draft.RESPONSE_ID)), "signature");
      var outer = another.signed(signedAssertion(draft()), Draft.RESPONSE_ID);
      refused(judge(outer), "signature");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          SignatureMethod.RSA_SHA1,
          "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224",
          "http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160",
          SignatureMethod.DSA_SHA1
        })
    void refuses_every_other_algorithm(String algorithm) {
      var xml = signedAssertion(draft()).replace(Idp.RSA_SHA256, algorithm);
      refused(judge(xml), "SignatureMethod", algorithm);
    }

    @Test
    void refuses_a_real_signature_with_sha_1() {
      var style = idp.style().signedBy(SignatureMethod.RSA_SHA1, idp.keys().getPrivate());
      refused(judge(idp.signed(draft().response(), Draft.ASSERTION_ID, style)), "SignatureMethod");
    }

    @Test
    @DisplayName("HMAC with the public key as the secret")
    void refuses_hmac_with_the_public_key() {
      var secret = new SecretKeySpec(idp.keys().getPublic().getEncoded(), "HmacSHA256");
      var style =
          idp.style().signedBy("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", secret);

      refused(judge(idp.signed(draft().response(), Draft.ASSERTION_ID, style)), "SignatureMethod");
    }

    @Test
    void refuses_a_digest_with_sha_1() {
      var style = idp.style().digestedBy(DigestMethod.SHA1);

      refused(judge(idp.signed(draft().response(), Draft.ASSERTION_ID, style)), "DigestMethod");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          CanonicalizationMethod.INCLUSIVE,
          CanonicalizationMethod.EXCLUSIVE_WITH_COMMENTS,
          CanonicalizationMethod.INCLUSIVE_WITH_COMMENTS
        })
    void refuses_another_canonicalization(String method) {
      var style = idp.style().canonicalizedBy(method);

      refused(
          judge(idp.signed(draft().response(), Draft.ASSERTION_ID, style)),
          "CanonicalizationMethod",
          method);
    }

    @Test
    void refuses_other_transforms_than_the_two_in_their_order() {
      var enveloped = Idp.transform(Transform.ENVELOPED);
      var exclusive = Idp.transform(Idp.EXCLUSIVE);
      var xpath =
          Idp.transform(Transform.XPATH, new XPathFilterParameterSpec("not(self::node()[0])"));
      for (var transforms :
          List.of(
              new Transform[] {enveloped},
              new Transform[] {exclusive, enveloped},
              new Transform[] {enveloped, xpath, exclusive},
              new Transform[] {enveloped, exclusive, exclusive},
              new Transform[] {
                enveloped, Idp.transform(CanonicalizationMethod.EXCLUSIVE_WITH_COMMENTS)
              })) {
        var style = idp.style().transformedBy(transforms);
        refused(judge(idp.signed(draft().response(), Draft.ASSERTION_ID, style)), "Transforms");
      }
    }

    @Test
    @DisplayName("a stylesheet as a transform is never run")
    void refuses_a_stylesheet() {
      var exclusive = "<ds:Transform Algorithm=\"" + Idp.EXCLUSIVE + "\"/>";
      var stylesheet =
          "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\">"
              + "<xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\"/>"
              + "</ds:Transform>";
      var xml = signedAssertion(draft());
      assertThat(xml).contains(exclusive);

      refused(judge(xml.replace(exclusive, exclusive + stylesheet)), "Transforms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#_response", "#xpointer(/)", "http://evil.example/x", "#_other"})
    void refuses_a_reference_to_anything_but_the_element_itself(String uri) {
      var xml = signedAssertion(draft()).replace("URI=\"#" + Draft.ASSERTION_ID, "URI=\"" + uri);

      refused(judge(xml), "Reference", uri);
    }

    @Test
    void refuses_two_references() {
      var style = idp.style().twice();

      refused(judge(idp.signed(draft().response(), Draft.ASSERTION_ID, style)), "Signature");
    }

    @Test
    void refuses_parameters_of_algorithms() {
      var xml =
          signedAssertion(draft())
              .replace(
                  "<ds:SignatureMethod Algorithm=\"" + Idp.RSA_SHA256 + "\"/>",
                  "<ds:SignatureMethod Algorithm=\""
                      + Idp.RSA_SHA256
                      + "\"><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>");

      refused(judge(xml), "Signature", "HMACOutputLength");
    }

    @Test
    void refuses_an_object_or_a_manifest_in_a_signature() {
      var xml =
          signedAssertion(draft())
              .replace("</ds:Signature>", "<ds:Object><ds:Manifest/></ds:Object></ds:Signature>");

      refused(judge(xml), "Signature", "Object");
    }

    @Test
    void refuses_a_signature_that_stands_elsewhere() {
      var signed = Idp.parse(signedAssertion(draft()));
      var signature = signed.getElementsByTagNameNS(Names.SIGNATURE, "Signature").item(0);
      signed.getDocumentElement().appendChild(signature);

      refused(judge(Idp.write(signed)), "Reference");
      signed.getElementsByTagNameNS(Names.PROTOCOL, "Status").item(0).appendChild(signature);
      refused(judge(Idp.write(signed)), "signatures");
    }

    @Test
    @DisplayName("RSA of 1024 bits, and any other kind of key, is too weak to be believed")
    void weak_keys_are_no_keys() {
      var weak = Idp.make("RSA", 1024);
      assertThat(Certificates.isStrong(weak.certificate())).isFalse();
      assertThat(Certificates.isStrong(Idp.RSA.certificate())).isTrue();
      assertThat(Certificates.isStrong(Idp.EC.certificate())).isTrue();
      var xml = weak.signed(draft().response(), Draft.ASSERTION_ID);

      refused(
          provider(Signed.EITHER, idp, weak).judgeResponse(Idp.base64(xml), REQUEST), "signature");
    }
  }

  @Nested
  @DisplayName("SEC-12: what is in the message besides")
  class Surroundings {
    @Test
    void refuses_two_assertions_and_none() {
      var draft = draft();
      var second = draft.assertion().replace("_assertion", "_second");
      var xml = signedAssertion(draft).replace("</samlp:Response>", second + "</samlp:Response>");
      refused(judge(xml), "assertions", "2");
      refused(spoiltWhole(one -> one.with("assertion", "")), "assertions", "0");
    }

    private SamlVerdict spoiltWhole(Consumer<Draft> change) {
      var draft = draft();
      change.accept(draft);
      return judge(idp.signed(draft.response(), Draft.RESPONSE_ID));
    }

    @Test
    void refuses_an_assertion_that_is_not_directly_in_the_response() {
      var xml =
          draft()
              .replacing("{assertion}", "<samlp:Extensions>{assertion}</samlp:Extensions>")
              .response();

      refused(judge(idp.signed(xml, Draft.ASSERTION_ID)), "message");
    }

    @Test
    void refuses_an_id_that_is_there_twice() {
      refused(
          judge(signedAssertion(draft()).replace("ID=\"_response\"", "ID=\"_assertion\"")),
          "message",
          "ID twice");
      refused(
          judge(
              signedAssertion(draft())
                  .replace("<samlp:Status>", "<samlp:Status Id=\"_assertion\">")),
          "message",
          "ID twice");
    }

    @Test
    @DisplayName("comment injection: admin<!-- -->.evil")
    void refuses_comments_wherever_they_are() {
      var signed = signedAssertion(draft().with("nameid", "ana.evil.example"));

      refused(judge(signed.replace("ana.evil", "ana<!-- -->.evil")), "message", "comment");
      refused(judge(signed + "<!-- -->"), "message", "comment");
      refused(judge(signed.replace("ana.evil", "ana<?x y?>.evil")), "message");
    }

    @Test
    void reads_text_as_a_whole_also_if_it_has_parts() {
      var signed = signedAssertion(draft().with("nameid", "ana.evil.example"));
      var name = accepted(judge(signed.replace("ana.evil", "ana<![CDATA[.e]]>vil"))).nameId();

      assertThat(name.orElseThrow().value()).isEqualTo("ana.evil.example");
      refused(spoilt(draft -> draft.with("nameid", "ana<saml:x/>.evil")), "message");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "<!DOCTYPE x>",
          "<!DOCTYPE x [<!ENTITY a 'zoe'>]>",
          "<!DOCTYPE x SYSTEM 'http://evil.example/x.dtd'>",
          "<!DOCTYPE x [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>",
          "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'><!ENTITY c '&b;&b;'>]>"
        })
    @DisplayName("XXE and entity bombs: there is no document type, so there are no entities")
    void refuses_a_document_type(String type) {
      refused(judge(type + signedAssertion(draft())), "message", "document type");
    }

    @Test
    void refuses_an_entity_reference() {
      refused(judge(signedAssertion(draft()).replace("zoe-1", "&a;")), "message");
    }

    @Test
    void refuses_what_is_too_large_too_deep_or_too_much() {
      refused(judge("<a>" + " ".repeat(XmlParser.LARGEST) + "</a>"), "message", "larger");
      refused(judge("<a>".repeat(40) + "</a>".repeat(40)), "message", "deep");
      refused(judge("<a>" + "<b/>".repeat(10_001) + "</a>"), "message", "elements");
    }

    @Test
    void refuses_what_is_not_utf_8_xml_1_0() {
      var xml = signedAssertion(draft());
      refused(judge("<?xml version=\"1.1\"?>" + xml), "message", "1.0");
      accepted(judge("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + xml));
      var utf16 = Base64.getEncoder().encodeToString(xml.getBytes(StandardCharsets.UTF_16));
      refused(provider(Signed.EITHER, idp).judgeResponse(utf16, REQUEST), "message");
      refused(provider(Signed.EITHER, idp).judgeResponse("%%%", REQUEST), "message", "base64");
    }

    @Test
    void refuses_another_message() {
      refused(judge("<a/>"), "message", "a");
      refused(judge(idp.signed(draft().assertion(), Draft.ASSERTION_ID)), "message", "Assertion");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EncryptedID", "EncryptedAttribute"})
    void says_of_what_is_encrypted_that_it_is_not_supported_and_where_to_turn_it_off(String what) {
      var verdict =
          spoilt(draft -> draft.with("attributes", "<saml:" + what + "></saml:" + what + ">"));

      assertThat(verdict).isInstanceOf(SamlVerdict.Unsupported.class);
      assertThat(((SamlVerdict.Unsupported) verdict).remedy()).contains("turn off the encryption");
    }

    @Test
    void says_the_same_of_an_encrypted_assertion() {
      var xml = draft().with("assertion", "<saml:EncryptedAssertion/>").response();

      assertThat(judge(xml)).isInstanceOf(SamlVerdict.Unsupported.class);
    }
  }

  @Nested
  @DisplayName("The answer is to this request, and for us")
  class Destination {
    @ParameterizedTest
    @CsvSource({
      "audience, https://other.example/, Audience",
      "acs, https://broker.example/saml/other/acs, Destination",
      "request, _another, InResponseTo",
      "issuer, https://other-idp.example/, Issuer"
    })
    void refuses_an_answer_for_another(String what, String value, String check) {
      refused(spoilt(draft -> draft.with(what, value)), check, value);
    }

    @Test
    @DisplayName("each of them, where the rest is right")
    void refuses_each_by_itself() {
      var other = "https://other.example/acs";
      refused(
          spoilt(draft -> draft.replacing("Recipient=\"{acs}\"", "Recipient=\"" + other + "\"")),
          "Recipient",
          other);
      refused(spoilt(draft -> draft.replacing("Recipient=\"{acs}\"", "")), "Recipient", "none");
      refused(
          spoilt(draft -> draft.replacing("{acs}\" InResponseTo=\"{request}\"", "{acs}\"")),
          "InResponseTo",
          "none");
      refused(
          spoilt(draft ->
              draft.replacing(
                  "Destination=\"{acs}\" InResponseTo=\"{request}\"",
                  "Destination=\"{acs}\" InResponseTo=\"_other\"")),
          "InResponseTo",
          "_other");
      refused(
          spoilt(draft ->
              draft.replacing(
                  "Destination=\"{acs}\" InResponseTo=\"{request}\"", "Destination=\"{acs}\"")),
          "InResponseTo",
          "none");
      refused(
          spoilt(
              draft -> draft.replacing("Destination=\"{acs}\"", "Destination=\"" + other + "\"")),
          "Destination",
          other);
    }

    @Test
    @DisplayName("SAML Bindings §3.5.5.2: whoever signs a message says to whom")
    void demands_a_destination_of_a_signed_response() {
      var xml = draft().replacing(" Destination=\"{acs}\"", "").response();

      refused(judge(idp.signed(xml, Draft.RESPONSE_ID)), "Destination", "none");
    }

    @Test
    void refuses_an_answer_of_another_issuer_in_either_place() {
      var other = "https://other.example/";
      refused(
          spoilt(draft ->
              draft.replacing(
                  "<saml:Issuer>{issuer}</saml:Issuer><saml:Subject>",
                  "<saml:Issuer>" + other + "</saml:Issuer><saml:Subject>")),
          "Issuer",
          other);
      refused(
          spoilt(draft ->
              draft.replacing(
                  "<saml:Issuer>{issuer}</saml:Issuer><samlp:Status>",
                  "<saml:Issuer>" + other + "</saml:Issuer><samlp:Status>")),
          "Issuer",
          other);
      refused(
          spoilt(draft ->
              draft.replacing(
                  "<saml:Issuer>{issuer}</saml:Issuer><saml:Subject>",
                  "<saml:Issuer Format=\"odd\">{issuer}</saml:Issuer><saml:Subject>")),
          "Issuer Format",
          "odd");
    }

    @Test
    void demands_that_every_audience_restriction_names_us() {
      var restriction = "<saml:AudienceRestriction>";
      refused(
          spoilt(draft ->
              draft.replacing(
                  restriction,
                  "<saml:AudienceRestriction><saml:Audience>https://other.example/</saml:Audience>"
                      + "</saml:AudienceRestriction>"
                      + restriction)),
          "Audience");
      accepted(
          spoilt(draft ->
              draft.replacing(
                  restriction,
                  restriction + "<saml:Audience>https://other.example/</saml:Audience>")));
      refused(
          spoilt(draft ->
              draft.replacing(
                  "<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>"
                      + "</saml:AudienceRestriction>",
                  "")),
          "Audience");
    }

    @Test
    void tells_the_status_of_a_provider_that_says_no() {
      var xml =
          draft()
              .with("assertion", "")
              .replacing(
                  "<samlp:StatusCode Value=\"" + Names.SUCCESS + "\"/>",
                  "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\">"
                      + "<samlp:StatusCode"
                      + " Value=\"urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext\"/>"
                      + "</samlp:StatusCode>")
              .response();

      refused(judge(xml), "Status", "status:NoAuthnContext");
    }

    @Test
    void refuses_another_version_of_saml() {
      refused(
          spoilt(draft ->
              draft.replacing(
                  "ID=\"_response\" Version=\"2.0\"", "ID=\"_response\" Version=\"1.1\"")),
          "Version");
      refused(
          spoilt(draft ->
              draft.replacing(
                  "ID=\"_assertion\" Version=\"2.0\"", "ID=\"_assertion\" Version=\"1.1\"")),
          "Version");
    }
  }

  @Nested
  @DisplayName("IDP-15: confirmation, conditions, times")
  class Times {
    @Test
    void refuses_what_has_no_bearer_confirmation() {
      refused(
          spoilt(draft ->
              draft.replacing(Names.BEARER, "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")),
          "SubjectConfirmation");
    }

    @Test
    void takes_the_one_of_several_confirmations_that_is_good() {
      accepted(
          spoilt(draft ->
              draft.replacing(
                  "<saml:SubjectConfirmation ",
                  "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:sender-vouches\"/>"
                      + "<saml:SubjectConfirmation ")));
    }

    @Test
    void refuses_conditions_that_it_does_not_understand() {
      refused(
          spoilt(draft ->
              draft.replacing(
                  "</saml:Conditions>", "<x:OnlyOnFridays xmlns:x=\"urn:x\"/></saml:Conditions>")),
          "Conditions",
          "OnlyOnFridays");
      accepted(
          spoilt(draft ->
              draft.replacing("</saml:Conditions>", "<saml:OneTimeUse/></saml:Conditions>")));
    }

    @ParameterizedTest
    @CsvSource({"329, true", "330, false"})
    @DisplayName("NotOnOrAfter is exclusive, and moved by the one skew of 30 s")
    void ends(int seconds, boolean good) {
      var signed = signedAssertion(draft());
      clock.advance(Duration.ofSeconds(seconds));

      assertThat(judge(signed) instanceof SamlVerdict.Accepted).isEqualTo(good);
    }

    @Test
    void refuses_what_has_ended_by_either_time() {
      var past = now.minus(Duration.ofSeconds(30)).toString();
      refused(
          spoilt(draft ->
              draft.replacing(
                  "NotBefore=\"{now}\" NotOnOrAfter=\"{end}\"", "NotOnOrAfter=\"" + past + "\"")),
          "NotOnOrAfter",
          past);
      refused(
          spoilt(draft ->
              draft.replacing("NotOnOrAfter=\"{end}\"/>", "NotOnOrAfter=\"" + past + "\"/>")),
          "SubjectConfirmation NotOnOrAfter",
          past);
      refused(
          spoilt(draft -> draft.replacing("NotOnOrAfter=\"{end}\"/>", "/>")),
          "SubjectConfirmation NotOnOrAfter",
          "none");
      refused(
          spoilt(draft ->
              draft.replacing(
                  "SessionIndex=\"{session}\"", "SessionNotOnOrAfter=\"" + past + "\"")),
          "SessionNotOnOrAfter",
          past);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Version=\"2.0\" IssueInstant=\"{now}\"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject>",
          "NotBefore=\"{now}\"",
          "AuthnInstant=\"{authenticated}\""
        })
    void refuses_what_lies_ahead(String place) {
      var ahead = now.plus(Duration.ofSeconds(31)).toString();
      var changed = place.replace("{now}", ahead).replace("{authenticated}", ahead);

      var verdict = spoilt(draft -> draft.replacing(place, changed));

      assertThat(verdict).isInstanceOf(SamlVerdict.Rejected.class);
      assertThat(((SamlVerdict.Rejected) verdict).evidence().actual()).isEqualTo(ahead);
      var soon = now.plus(Duration.ofSeconds(30)).toString();
      accepted(
          spoilt(draft ->
              draft.replacing(
                  place, place.replace("{now}", soon).replace("{authenticated}", soon))));
    }

    @Test
    void refuses_a_confirmation_that_lies_ahead() {
      refused(
          spoilt(draft ->
              draft.replacing(
                  "NotOnOrAfter=\"{end}\"/>",
                  "NotBefore=\""
                      + now.plus(Duration.ofMinutes(1))
                      + "\" NotOnOrAfter=\"{end}\"/>")),
          "SubjectConfirmation NotBefore");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-11-23T09:00:00", "1764060000"})
    void refuses_a_time_without_a_zone(String time) {
      refused(spoilt(draft -> draft.with("authenticated", time)), "message", "AuthnInstant");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"IssueInstant", "AuthnInstant", "Subject", "Conditions", "AuthnStatement"})
    void refuses_what_lacks_a_part(String part) {
      var assertion = Idp.parse(draft().assertion());
      var root = assertion.getDocumentElement();
      var found = root.getElementsByTagNameNS(Names.ASSERTION, part);
      if (found.getLength() > 0) {
        root.removeChild(found.item(0));
      } else {
        root.removeAttribute(part);
        ((org.w3c.dom.Element)
                root.getElementsByTagNameNS(Names.ASSERTION, "AuthnStatement").item(0))
            .removeAttribute(part);
      }
      var xml = draft().with("assertion", Idp.write(assertion)).response();

      assertThat(judge(idp.signed(xml, Draft.ASSERTION_ID)))
          .isInstanceOf(SamlVerdict.Rejected.class);
    }

    @Test
    void refuses_a_name_that_is_blank_or_too_long() {
      refused(spoilt(draft -> draft.with("nameid", " ")), "message", "NameID");
      refused(spoilt(draft -> draft.with("nameid", "x".repeat(257))), "message", "256");
    }
  }

  @Nested
  @DisplayName("RFC 7522 §3, IDP-15: an assertion that a service provider presents")
  class Presented {
    private static final String APP = "https://app.example/saml";
    private static final String APP_ACS = "https://app.example/saml/acs";

    private Draft draftForApp() {
      return new Draft(now, APP_ACS, APP, "_request-of-the-app");
    }

    private SamlVerdict judgeAssertion(String xml) {
      return provider(Signed.EITHER, idp)
          .judgeAssertion(
              Base64.getUrlEncoder().encodeToString(xml.getBytes(StandardCharsets.UTF_8)),
              Map.of(APP, Set.of(APP_ACS)));
    }

    @Test
    void is_accepted_for_its_own_audience_and_recipient() {
      var assertion =
          accepted(judgeAssertion(idp.signed(draftForApp().assertion(), Draft.ASSERTION_ID)));

      assertThat(assertion.audience()).isEqualTo(APP);
    }

    @Test
    @DisplayName("audience and recipient confusion")
    void is_refused_for_another() {
      refused(
          judgeAssertion(idp.signed(draft().assertion(), Draft.ASSERTION_ID)), "Audience", SELF);
      var elsewhere = new Draft(now, ACS, APP, "_x").assertion();
      refused(judgeAssertion(idp.signed(elsewhere, Draft.ASSERTION_ID)), "Recipient", ACS);
    }

    @Test
    void must_be_signed_itself() {
      refused(judgeAssertion(draftForApp().assertion()), "Signature", "none");
      refused(
          judgeAssertion(idp.signed(draftForApp().response(), Draft.RESPONSE_ID)),
          "message",
          "Response");
    }

    @Test
    void may_hold_no_other_assertion() {
      var draft = draftForApp();
      var inner =
          "<saml:Advice>"
              + draft.assertion().replace("_assertion", "_inner")
              + "</saml:Advice></saml:Assertion>";
      var xml = draft.assertion().replace("</saml:Assertion>", inner);

      refused(judgeAssertion(idp.signed(xml, Draft.ASSERTION_ID)), "assertions", "2");
    }

    @Test
    void is_base64url_only() {
      var xml = idp.signed(draftForApp().assertion(), Draft.ASSERTION_ID);
      var verdict = provider(Signed.EITHER, idp).judgeAssertion(xml, Map.of(APP, Set.of(APP_ACS)));

      refused(verdict, "message", "base64");
    }
  }

  @ParameterizedTest
  @EnumSource(Signed.class)
  void the_words_of_the_configuration_are_those_of_the_message(Signed signed) {
    assertThat(Signed.named(signed.name().toLowerCase(java.util.Locale.ROOT))).isEqualTo(signed);
  }

  @Test
  void metadata_is_read_back() throws MalformedException {
    var read =
        ProviderDescription.parse(
            idp.metadata("https://idp.example/sso").getBytes(StandardCharsets.UTF_8),
            Idp.ENTITY_ID);

    assertThat(read).isEqualTo(idp.description());
  }
}
