package dev.lanyard.server.app.checkup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.upstream.GroupMapping;
import dev.lanyard.server.authorization.upstream.SamlTrial;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.NameIdFormat;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.People;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.Self;
import dev.lanyard.server.authorization.upstream.TrialSignIn;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.saml.Draft;
import dev.lanyard.server.saml.Idp;
import dev.lanyard.server.saml.SamlConfig;
import dev.lanyard.server.saml.Signed;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A trial sign-in over SAML says who came, and of every refusal what to change")
class SamlTrialTest {
  private static final Issuer BROKER = new Issuer("https://broker.example");
  private static final String ENTITY_ID = "https://broker.example/saml/corporate/metadata";
  private static final URI CONSUMER = URI.create("http://localhost:8765/saml/acs");
  private static final Map<String, List<String>> ZOE =
      Map.of(
          "uid", List.of("zoe"),
          "mail", List.of("zoe@acme.example"),
          "groups", List.of("engineering", "sales"));

  private final TestClock clock = new TestClock();
  private SamlUpstreamConfig upstream = upstream(Optional.empty());
  private SamlTrial trial = trial();

  private static SamlUpstreamConfig upstream(Optional<String> subject) {
    return new SamlUpstreamConfig(
        "corporate",
        "Acme",
        new SamlConfig(
            Idp.ENTITY_ID, new SamlConfig.Source.Fixed(Idp.RSA.description()), Signed.EITHER),
        Self.DEFAULT,
        new People(
            NameIdFormat.PERSISTENT,
            subject,
            Optional.of("uid"),
            Optional.of("mail"),
            Optional.empty(),
            Optional.of("groups"),
            Set.of("acme.example"),
            GroupMapping.SAME),
        Map.of(),
        List.of());
  }

  private SamlTrial trial() {
    return new SamlTrial(
        upstream,
        BROKER,
        CONSUMER,
        new EgressClient(EgressPolicy.strict()),
        ClockSkew.DEFAULT,
        clock);
  }

  private URI begun() {
    return ((TrialSignIn.Beginning.At) trial.begin()).url();
  }

  private Draft draft(URI sentTo) {
    var request = Idp.request(sentTo);
    return new Draft(
            clock.instant(),
            request.getAttribute("AssertionConsumerServiceURL"),
            ENTITY_ID,
            request.getAttribute("ID"))
        .withAttributes(ZOE);
  }

  private static byte[] form(URI sentTo, String xml) {
    try {
      return Form.builder()
          .add("SAMLResponse", Idp.base64(xml))
          .add("RelayState", Form.parse(sentTo.getRawQuery(), Set.of()).required("RelayState"))
          .build()
          .encode()
          .getBytes(StandardCharsets.UTF_8);
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String signed(Draft draft) {
    return Idp.RSA.signed(draft.response(), Draft.ASSERTION_ID);
  }

  private String told(byte[] body) {
    var report = new SamlTrialReport(upstream, clock.instant());
    return String.join("\n", report.lines(trial.finish(body)));
  }

  /// What is told of an answer that was spoilt before it was signed.
  private String told(UnaryOperator<Draft> spoilt) {
    var sentTo = begun();
    return told(form(sentTo, signed(spoilt.apply(draft(sentTo)))));
  }

  @Test
  void who_came_and_what_becomes_of_them() {
    var told = told(draft -> draft);
    assertThat(told)
        .contains("ok   sign-in", "zoe@acme.example", "attribute mail", "ok   clock")
        .containsPattern("subject \\(NameID\\) +zoe-1\n")
        .containsPattern("groups +engineering, sales\n")
        .doesNotContain("note ", "BAD");
  }

  @Test
  @DisplayName("the request is that of the service provider that the server will be")
  void the_request() {
    var request = Idp.request(begun());
    assertThat(request.getTextContent()).contains(ENTITY_ID);
    assertThat(request.getAttribute("AssertionConsumerServiceURL")).isEqualTo(CONSUMER.toString());
    assertThat(request.getAttribute("ForceAuthn")).isEqualTo("true");
  }

  @Test
  void a_clock_that_is_a_little_wrong_is_noted() {
    var sentTo = begun();
    var draft = draft(sentTo);
    clock.advance(Duration.ofSeconds(20));
    assertThat(told(form(sentTo, signed(draft)))).contains("note clock: the assertion is 20 s old");
  }

  @Test
  void a_clock_that_is_slow_here_is_noted() {
    clock.advance(Duration.ofSeconds(20));
    var sentTo = begun();
    var draft = draft(sentTo);
    clock.advance(Duration.ofSeconds(-20));
    assertThat(told(form(sentTo, signed(draft)))).contains("the assertion is of 20 s ahead");
  }

  @Test
  void what_the_provider_leaves_out_is_noted() {
    assertThat(told(draft -> draft.withAttributes(Map.of("memberOf", List.of("engineering")))))
        .contains(
            "ok   sign-in",
            "note groups: the attribute 'groups' is not there",
            "note e-mail address",
            "attribute memberOf");
  }

  @Nested
  @DisplayName("refused, with what to change")
  class Refused {
    @Test
    void another_audience() {
      assertThat(told(draft -> draft.with("audience", "https://other.example")))
          .contains(
              "BAD  sign-in: Audience must be", "https://other.example", "Enter " + ENTITY_ID);
    }

    @Test
    void unsigned() {
      var sentTo = begun();
      assertThat(told(form(sentTo, draft(sentTo).response())))
          .contains("BAD  sign-in: Signature must be", "Let the provider sign");
    }

    @Test
    void signed_by_another_key() {
      var sentTo = begun();
      var other = Idp.make("RSA", 2048).signed(draft(sentTo).response(), Draft.ASSERTION_ID);
      assertThat(told(form(sentTo, other))).contains("Are the metadata those of this application?");
    }

    @Test
    void changed_after_it_was_signed() {
      var sentTo = begun();
      var changed = signed(draft(sentTo)).replace("engineering", "management");
      assertThat(told(form(sentTo, changed))).contains("BAD  sign-in: signature");
    }

    @Test
    @DisplayName("SEC-12: an answer to another request")
    void another_request() {
      assertThat(told(draft -> draft.with("request", "_another")))
          .contains("BAD  sign-in: InResponseTo must be", "Begin anew");
    }

    @Test
    void sent_to_another_place() {
      assertThat(told(draft -> draft.with("acs", "https://broker.example/saml/corporate/acs")))
          .contains("BAD  sign-in: Destination", "Enter " + CONSUMER + " there as an ACS URL")
          .doesNotContain("ok   ");
    }

    @Test
    @DisplayName("SEC-12: the same answer a second time, here and in another trial")
    void a_replay() {
      var sentTo = begun();
      var body = form(sentTo, signed(draft(sentTo)));
      assertThat(told(body)).contains("ok   sign-in");
      assertThat(told(body)).contains("BAD  sign-in: answer must be the first of this trial");
      trial = trial();
      assertThat(told(body)).contains("BAD  sign-in: RelayState");
      assertThat(told(form(begun(), signed(draft(sentTo))))).contains("BAD  sign-in: InResponseTo");
    }

    @Test
    void another_provider() {
      assertThat(told(draft -> draft.with("issuer", "https://idp.example/saml/")))
          .contains("The provider calls itself https://idp.example/saml/");
    }

    @Test
    void too_old_by_our_clock() {
      var sentTo = begun();
      var body = form(sentTo, signed(draft(sentTo)));
      clock.advance(Duration.ofMinutes(6));
      assertThat(told(body)).contains("NotOnOrAfter must be", "Our clock says " + clock.instant());
    }

    @Test
    void of_the_future_by_our_clock() {
      clock.advance(Duration.ofMinutes(2));
      var sentTo = begun();
      var body = form(sentTo, signed(draft(sentTo)));
      clock.advance(Duration.ofMinutes(-2));
      assertThat(told(body)).contains("IssueInstant must be", "Set the one that is wrong");
    }

    @Test
    @DisplayName("SEC-9: a NameID that may mean another person tomorrow; what was said is shown")
    void an_address_for_a_name() {
      assertThat(
              told(draft ->
                  draft.with(
                      "nameid-attributes",
                      " Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"")))
          .contains("BAD  sign-in: NameID Format", "--name-id-format", "attribute uid");
    }

    @Test
    void without_the_attribute_that_means_a_person() {
      upstream = upstream(Optional.of("employeeId"));
      trial = trial();
      assertThat(told(draft -> draft))
          .contains("BAD  sign-in: employeeId", "--subject-attribute", "attribute uid");
    }

    @Test
    void the_provider_says_no() {
      var sentTo = begun();
      var no = draft(sentTo).response().replace("status:Success", "status:Responder");
      assertThat(told(form(sentTo, no)))
          .contains("BAD  sign-in: Status", "not assigned to the application");
      var format =
          no.replace(
              "status:Responder\"/>",
              "status:Requester\"><samlp:StatusCode"
                  + " Value=\"urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy\"/>"
                  + "</samlp:StatusCode>");
      trial = trial();
      assertThat(told(form(begun(), format))).contains("does not give names of this format");
    }

    @Test
    void encrypted() {
      var sentTo = begun();
      var encrypted =
          draft(sentTo)
              .response()
              .replace("</samlp:Response>", "<saml:EncryptedAssertion/></samlp:Response>");
      assertThat(told(form(sentTo, encrypted))).contains("turn off the encryption of assertions");
    }

    @Test
    void no_answer_at_all() {
      assertThat(told("x=%zz".getBytes(StandardCharsets.UTF_8))).contains("BAD  sign-in: form");
      assertThat(told(new byte[0])).contains("BAD  sign-in: RelayState");
    }
  }
}
