package dev.lanyard.server.saml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.server.pair.TestClock;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.DOMException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Attacks in which the signature is good and what is read is another element. The eight are those
/// of "On Breaking SAML: Be Whoever You Want to Be" (USENIX Security 2012) as testers number them.
@DisplayName("SEC-12: signature wrapping")
class SignatureWrappingTest {
  private static final String SELF = "https://broker.example/saml/idp/metadata";
  private static final String ACS = "https://broker.example/saml/idp/acs";
  private static final String REQUEST = "_request";
  private static final int MUTATIONS = 1_500;

  private final TestClock clock = new TestClock();
  private final SamlProvider provider =
      new SamlProvider(
          new SamlConfig(
              Idp.ENTITY_ID, new SamlConfig.Source.Fixed(Idp.RSA.description()), Signed.EITHER),
          new ServiceProvider(SELF, URI.create(ACS), URI.create(ACS), "any", Optional.empty()),
          new EgressClient(EgressPolicy.strict()),
          ClockSkew.DEFAULT,
          clock);

  private final String draft = new Draft(clock.instant(), ACS, SELF, REQUEST).response();

  private SamlVerdict judge(Document document) {
    return provider.judgeResponse(Idp.base64(Idp.write(document)), REQUEST);
  }

  /// What is signed.
  enum Signing {
    RESPONSE(Draft.RESPONSE_ID),
    ASSERTION(Draft.ASSERTION_ID);

    private final String id;

    Signing(String id) {
      this.id = id;
    }
  }

  private Document signed(Signing what) {
    return Idp.parse(Idp.RSA.signed(draft, what.id));
  }

  private static Element assertion(Document document) {
    return (Element) document.getElementsByTagNameNS(Names.ASSERTION, "Assertion").item(0);
  }

  private static Element signature(Document document) {
    return (Element) document.getElementsByTagNameNS(Names.SIGNATURE, "Signature").item(0);
  }

  /// A copy that says another name, without a signature, under another ID.
  private static Element evil(Element original) {
    var copy = (Element) original.cloneNode(true);
    copy.setAttribute("ID", "_evil");
    var name = (Element) copy.getElementsByTagNameNS(Names.ASSERTION, "NameID").item(0);
    name.setTextContent("admin");
    for (var child = copy.getFirstChild(); child != null; child = child.getNextSibling()) {
      if ("Signature".equals(child.getLocalName())) {
        copy.removeChild(child);
        break;
      }
    }
    return copy;
  }

  private static void makeEvil(Element original) {
    original.setAttribute("ID", "_evil");
    var name = (Element) original.getElementsByTagNameNS(Names.ASSERTION, "NameID").item(0);
    name.setTextContent("admin");
  }

  private static Element without(Element original, String localName) {
    var copy = (Element) original.cloneNode(true);
    var found = copy.getElementsByTagNameNS(Names.SIGNATURE, localName);
    if (found.getLength() > 0) {
      found.item(0).getParentNode().removeChild(found.item(0));
    }
    return copy;
  }

  enum Attack {
    XSW1(
        Signing.RESPONSE,
        document -> {
          var original = without(document.getDocumentElement(), "Signature");
          makeEvil(document.getDocumentElement());
          signature(document).appendChild(original);
        }),
    XSW2(
        Signing.RESPONSE,
        document -> {
          var original = without(document.getDocumentElement(), "Signature");
          makeEvil(document.getDocumentElement());
          document.getDocumentElement().insertBefore(original, signature(document));
        }),
    XSW3(
        Signing.ASSERTION,
        document -> {
          var original = assertion(document);
          original.getParentNode().insertBefore(evil(original), original);
        }),
    XSW4(
        Signing.ASSERTION,
        document -> {
          var original = assertion(document);
          var evil = evil(original);
          original.getParentNode().replaceChild(evil, original);
          evil.appendChild(original);
        }),
    XSW5(
        Signing.ASSERTION,
        document -> {
          var original = without(assertion(document), "Signature");
          makeEvil(assertion(document));
          document.getDocumentElement().appendChild(original);
        }),
    XSW6(
        Signing.ASSERTION,
        document -> {
          var original = without(assertion(document), "Signature");
          makeEvil(assertion(document));
          signature(document).appendChild(original);
        }),
    XSW7(
        Signing.ASSERTION,
        document -> {
          var original = assertion(document);
          var extensions = document.createElementNS(Names.PROTOCOL, "samlp:Extensions");
          extensions.appendChild(evil(original));
          original.getParentNode().insertBefore(extensions, original);
        }),
    XSW8(
        Signing.ASSERTION,
        document -> {
          var original = without(assertion(document), "Signature");
          makeEvil(assertion(document));
          var object = document.createElementNS(Names.SIGNATURE, "ds:Object");
          object.appendChild(original);
          signature(document).appendChild(object);
        }),
    /// The evil one outside of the namespace that is counted.
    OTHER_NAMESPACE(
        Signing.ASSERTION,
        document -> {
          var original = assertion(document);
          var evil = evil(original);
          document.renameNode(evil, "urn:evil", "saml:Assertion");
          original.getParentNode().insertBefore(evil, original);
        }),
    /// The signed one hidden where an attribute's value is.
    IN_AN_ATTRIBUTE_VALUE(
        Signing.ASSERTION,
        document -> {
          var original = assertion(document);
          var evil = evil(original);
          original.getParentNode().replaceChild(evil, original);
          evil.getElementsByTagNameNS(Names.ASSERTION, "AttributeValue")
              .item(0)
              .appendChild(original);
        });

    private final Signing signing;
    private final Consumer<Document> attack;

    Attack(Signing signing, Consumer<Document> attack) {
      this.signing = signing;
      this.attack = attack;
    }
  }

  @ParameterizedTest
  @EnumSource(Attack.class)
  void never_makes_anybody_somebody_else(Attack attack) {
    var document = signed(attack.signing);
    assertThat(judge(document)).isInstanceOf(SamlVerdict.Accepted.class);

    attack.attack.accept(document);

    switch (judge(document)) {
      case SamlVerdict.Accepted(var assertion) ->
          // An element of no meaning beside the right one changes nothing.
          assertThat(assertion.nameIdKey()).contains("zoe-1");
      case SamlVerdict.Rejected _ -> {}
      case SamlVerdict other -> throw new AssertionError(other);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Attack.class,
      names = {"XSW[1-8]"},
      mode = EnumSource.Mode.MATCH_ALL)
  void is_refused_as_what_it_is(Attack attack) {
    var document = signed(attack.signing);
    attack.attack.accept(document);

    assertThat(judge(document)).isInstanceOf(SamlVerdict.Rejected.class);
  }

  @ParameterizedTest
  @EnumSource(Attack.class)
  @DisplayName("and what was signed is what is read, also if nobody counted assertions")
  void the_octets_that_were_digested_are_consumed(Attack attack) throws Exception {
    var document = signed(attack.signing);
    attack.attack.accept(document);
    var root = new SamlElement(document.getDocumentElement());
    var signer = List.of(Idp.RSA.keys().getPublic());
    for (var element : all(root)) {
      if (SignatureVerifier.isSigned(element)) {
        try {
          var verified = SignatureVerifier.verified(element, signer);
          assertThat(verified.element().getTextContent()).doesNotContain("admin");
        } catch (RefusedException e) {
          // As good: nothing is read at all.
        }
      }
    }
  }

  private static List<SamlElement> all(SamlElement root) {
    var all = new ArrayList<SamlElement>(List.of(root));
    for (int i = 0; i < all.size(); i++) {
      all.addAll(all.get(i).children());
    }
    return all;
  }

  static Stream<Signing> signings() {
    return Stream.of(Signing.values());
  }

  @ParameterizedTest
  @MethodSource("signings")
  @DisplayName(
      "whatever is moved, copied, renamed or written over: accepted means as it was signed")
  void random_changes_never_change_what_is_read(Signing signing) {
    var original = facts(judge(signed(signing)));
    var random = new SplittableRandom(20261128);
    int accepted = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      var document = signed(signing, random);
      var verdict = judge(document);
      if (verdict instanceof SamlVerdict.Accepted) {
        accepted++;
        assertThat(facts(verdict)).isEqualTo(original);
      }
    }
    // Outside of what is signed there is little that may be changed, but something.
    assertThat(accepted).isLessThan(MUTATIONS);
  }

  private Document signed(Signing signing, SplittableRandom random) {
    var document = Idp.parse(signedOnce.get(signing.ordinal()));
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      change(document, random);
    }
    return document;
  }

  /// Signed once: a signature is dear.
  private final List<String> signedOnce =
      Stream.of(Signing.values()).map(one -> Idp.write(signed(one))).toList();

  private static void change(Document document, SplittableRandom random) {
    var elements = new ArrayList<Element>();
    var found = document.getElementsByTagName("*");
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    if (elements.isEmpty()) {
      return;
    }
    var one = elements.get(random.nextInt(elements.size()));
    var other = elements.get(random.nextInt(elements.size()));
    try {
      switch (random.nextInt(7)) {
        case 0 -> other.appendChild(one.cloneNode(true));
        case 1 -> other.appendChild(one);
        case 2 -> other.insertBefore(one.cloneNode(true), other.getFirstChild());
        case 3 -> one.getParentNode().removeChild(one);
        case 4 -> one.setTextContent("admin");
        case 5 -> {
          var attributes = one.getAttributes();
          if (attributes.getLength() > 0) {
            attributes.item(random.nextInt(attributes.getLength())).setNodeValue("_evil");
          }
        }
        default -> {
          var copy = (Element) one.cloneNode(true);
          copy.setAttribute("ID", "_copy" + random.nextInt());
          Node text = copy;
          while (text.getFirstChild() != null) {
            text = text.getFirstChild();
          }
          text.setTextContent("admin");
          one.getParentNode().insertBefore(copy, one);
        }
      }
    } catch (DOMException e) {
      // An element into itself, or a second root: not a document.
    }
  }

  private static List<Object> facts(SamlVerdict verdict) {
    if (!(verdict instanceof SamlVerdict.Accepted(var assertion))) {
      throw new AssertionError(verdict);
    }
    return List.of(
        assertion.id(),
        assertion.nameId(),
        assertion.attribute("uid"),
        assertion.sessionIndex(),
        assertion.authentication(),
        assertion.issuedAt(),
        assertion.usableUntil());
  }

  @Test
  void a_change_after_signing_is_noticed_at_all() {
    var document = signed(Signing.ASSERTION);
    makeEvil(assertion(document));

    assertThat(judge(document)).isInstanceOf(SamlVerdict.Rejected.class);
  }
}
