package dev.lanyard.protocol.idjag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.Confirmation;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.idjag.IdJagVerdict.Accepted;
import dev.lanyard.protocol.idjag.IdJagVerdict.Rejected;
import dev.lanyard.protocol.idjag.IdJagVerdict.Undecided;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.SpoiltJwt;
import dev.lanyard.protocol.jose.TestKeys;
import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("ID-JAG draft-04 §4.4.1 Processing Rules")
class IdJagValidatorTest {
  private static final Issuer IDP = new Issuer("https://acme.idp.example");
  private static final Issuer SELF = new Issuer("https://acme.chat.example/");
  private static final ClientId CLIENT = new ClientId("f53f191f9311af35");
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
  private static final SigningKey KEY = TestKeys.of(SigningAlgorithm.ES256);
  private static final String THUMBPRINT = KEY.publicKey().thumbprint();

  private static final SpoiltJwt GOOD =
      SpoiltJwt.good(
          KEY,
          IdJag.TYPE,
          new IdJagClaims(IDP, "U019488227", SELF, CLIENT)
              .resources(List.of(new ResourceIndicator("https://acme.chat.example/api")))
              .scopes(Scopes.of("chat.read", "chat.history"))
              .build("9e43f81b64a33f20116179", NOW, NOW.plusSeconds(300)));

  private static final EnrolledIssuer ENROLLED =
      EnrolledIssuer.singleTenant(
          new TrustedIssuer(IDP, TestKeys.published(KEY), Set.of(SigningAlgorithm.ES256)));

  private static IdJagValidator validator(EnrolledIssuers issuers, Instant now) {
    return new IdJagValidator(SELF, issuers, Limits.DEFAULT, InstantSource.fixed(now));
  }

  private static EnrolledIssuers only(EnrolledIssuer enrolled) {
    return issuer ->
        issuer.equals(enrolled.trust().issuer()) ? Optional.of(enrolled) : Optional.empty();
  }

  private static IdJagVerdict judge(UnaryOperator<SpoiltJwt> spoil) {
    return judgeAt(NOW, spoil);
  }

  private static IdJagVerdict judgeAt(Instant now, UnaryOperator<SpoiltJwt> spoil) {
    return validator(only(ENROLLED), now).judge(spoil.apply(GOOD).signedBy(KEY), CLIENT);
  }

  private static IdJag accepted(IdJagVerdict verdict) {
    assertThat(verdict).isInstanceOf(Accepted.class);
    return ((Accepted) verdict).idJag();
  }

  private static void assertRejected(UnaryOperator<SpoiltJwt> spoil, Reason reason) {
    assertThat(judge(spoil)).isEqualTo(new Rejected(reason));
  }

  @Test
  void accepts_what_is_good_and_reads_every_claim() {
    var idJag = accepted(judge(jwt -> jwt));

    assertThat(idJag.issuer()).isEqualTo(IDP);
    assertThat(idJag.subject()).isEqualTo("U019488227");
    assertThat(idJag.audience()).isEqualTo(SELF);
    assertThat(idJag.client()).isEqualTo(CLIENT);
    assertThat(idJag.id()).isEqualTo("9e43f81b64a33f20116179");
    assertThat(idJag.issuedAt()).isEqualTo(NOW);
    assertThat(idJag.expiresAt()).isEqualTo(NOW.plusSeconds(300));
    assertThat(idJag.resources())
        .containsExactly(new ResourceIndicator("https://acme.chat.example/api"));
    assertThat(idJag.scopes()).isEqualTo(Scopes.of("chat.read", "chat.history"));
    assertThat(idJag.all().names()).contains("iss", "resource");
    assertThat(idJag).hasToString("IdJag[https://acme.idp.example 9e43f81b64a33f20116179]");
  }

  @Test
  void leaves_empty_what_the_issuer_did_not_say() {
    var idJag = accepted(judge(jwt -> jwt.without("resource").without("scope")));

    assertThat(idJag.resources()).isEmpty();
    assertThat(idJag.scopes()).isEqualTo(Scopes.NONE);
    assertThat(idJag.authorizationDetails().isEmpty()).isTrue();
    assertThat(idJag.confirmation()).isEqualTo(new Confirmation.Bearer());
    assertThat(idJag.keyThumbprint()).isEmpty();
    assertThat(idJag.authentication()).isEqualTo(AuthenticationContext.UNKNOWN);
    assertThat(idJag.actor()).isEmpty();
    assertThat(idJag.tenant()).isEmpty();
    assertThat(idJag.audienceTenant()).isEmpty();
    assertThat(idJag.audienceSubject()).isEmpty();
    assertThat(idJag.samlNameId()).isEmpty();
    assertThat(idJag.email()).isEmpty();
  }

  @Nested
  @DisplayName("The JWT MUST be well-formed (RFC 8725 §3)")
  class Form {
    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "a.b", "a.b.c.d", "e30.e30.", "bm9uZQ.e30.AAAA"})
    void rejects_what_is_no_jwt(String assertion) {
      assertThat(validator(only(ENROLLED), NOW).judge(assertion, CLIENT))
          .isInstanceOfSatisfying(
              Rejected.class,
              rejected -> assertThat(rejected.reason()).isInstanceOf(Reason.Malformed.class));
    }

    @Test
    void rejects_an_issuer_that_is_no_url() {
      assertRejected(
          jwt -> jwt.claim("iss", "acme"), new Reason.Malformed("not an issuer identifier"));
    }

    @Test
    void rejects_an_empty_subject() {
      assertMalformed(jwt -> jwt.claim("sub", ""), "sub");
    }

    @Test
    void rejects_an_empty_id() {
      assertMalformed(jwt -> jwt.claim("jti", ""), "jti");
    }

    @Test
    void rejects_an_id_of_more_than_256_characters() {
      assertMalformed(jwt -> jwt.claim("jti", "j".repeat(257)), "jti");
      assertThat(accepted(judge(jwt -> jwt.claim("jti", "j".repeat(256)))).id()).hasSize(256);
    }

    @Test
    void rejects_an_empty_client() {
      assertMalformed(jwt -> jwt.claim("client_id", ""), "client_id");
    }

    @Test
    void rejects_an_empty_scope_which_as_not_given_would_widen_the_grant() {
      assertMalformed(jwt -> jwt.claim("scope", ""), "scope");
    }

    @Test
    void rejects_an_empty_list_of_resources_which_as_not_given_would_widen_the_grant() {
      assertMalformed(jwt -> jwt.rawClaim("resource", "[]"), "resource");
    }

    @Test
    void rejects_a_resource_with_a_fragment() {
      assertMalformed(jwt -> jwt.claim("resource", "https://h/#f"), "resource");
    }

    @Test
    void rejects_a_scope_that_breaks_the_grammar() {
      assertMalformed(jwt -> jwt.claim("scope", "a  b"), "scope");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "iat", "nbf"})
    void rejects_a_time_that_is_no_number(String name) {
      assertMalformed(jwt -> jwt.claim(name, "soon"), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"act", "cnf", "sub_id"})
    void rejects_a_text_where_an_object_belongs(String name) {
      assertMalformed(jwt -> jwt.claim(name, "text"), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant", "aud_tenant", "aud_sub", "email", "sub", "jti"})
    void rejects_a_number_where_a_text_belongs(String name) {
      assertMalformed(jwt -> jwt.claim(name, 1), name);
    }

    @Test
    void rejects_authorization_details_that_are_no_objects() {
      assertMalformed(
          jwt -> jwt.rawClaim("authorization_details", "[\"all\"]"), "authorization_details");
    }

    private void assertMalformed(UnaryOperator<SpoiltJwt> spoil, String mentioned) {
      assertThat(judge(spoil))
          .isInstanceOfSatisfying(
              Rejected.class,
              rejected ->
                  assertThat(rejected.reason())
                      .isInstanceOfSatisfying(
                          Reason.Malformed.class,
                          malformed -> assertThat(malformed.detail()).contains(mentioned)));
    }
  }

  @Nested
  @DisplayName("Validate the JWT typ is oauth-id-jag+jwt (RAS-3)")
  class Type {
    @ParameterizedTest
    @ValueSource(strings = {"JWT", "at+jwt", "logout+jwt", "secevent+jwt", "oauth-id-jag", ""})
    void rejects_any_other_type(String type) {
      assertRejected(
          jwt -> jwt.header("typ", type),
          new Reason.WrongType(Optional.of(type.toLowerCase(Locale.ROOT))));
    }

    @Test
    void rejects_a_token_without_type() {
      assertRejected(jwt -> jwt.withoutHeader("typ"), new Reason.WrongType(Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/oauth-id-jag+jwt", "OAuth-ID-JAG+JWT"})
    void accepts_the_full_media_type_in_any_case(String type) {
      accepted(judge(jwt -> jwt.header("typ", type)));
    }
  }

  @Nested
  @DisplayName("The issuer must be one that was enrolled (RAS-4)")
  class IssuerTrust {
    @Test
    void rejects_an_unknown_issuer() {
      assertRejected(
          jwt -> jwt.claim("iss", "https://evil.example"),
          new Reason.UntrustedIssuer("https://evil.example"));
    }

    @Test
    void rejects_an_issuer_that_differs_by_a_slash() {
      assertRejected(
          jwt -> jwt.claim("iss", "https://acme.idp.example/"),
          new Reason.UntrustedIssuer("https://acme.idp.example/"));
    }

    @Test
    void looks_for_no_key_of_an_unknown_issuer() {
      KeySource untouchable =
          (keyId, algorithm) -> {
            throw new AssertionError("a key was looked for");
          };
      var trap =
          EnrolledIssuer.singleTenant(
              new TrustedIssuer(IDP, untouchable, Set.of(SigningAlgorithm.ES256)));
      var assertion = GOOD.claim("iss", "https://evil.example").signedBy(KEY);

      assertThat(validator(only(trap), NOW).judge(assertion, CLIENT))
          .isEqualTo(new Rejected(new Reason.UntrustedIssuer("https://evil.example")));
    }

    @Test
    void trusts_nobody_when_nobody_is_enrolled() {
      assertThat(validator(issuer -> Optional.empty(), NOW).judge(GOOD.signedBy(KEY), CLIENT))
          .isEqualTo(new Rejected(new Reason.UntrustedIssuer(IDP.value())));
    }

    @Test
    void rejects_its_own_tokens_even_if_it_is_enrolled_by_mistake() {
      var self =
          EnrolledIssuer.singleTenant(
              new TrustedIssuer(SELF, TestKeys.published(KEY), Set.of(SigningAlgorithm.ES256)));
      var assertion = GOOD.claim("iss", SELF.value()).signedBy(KEY);

      assertThat(validator(only(self), NOW).judge(assertion, CLIENT))
          .isEqualTo(new Rejected(new Reason.OwnIssuer(SELF)));
    }
  }

  @Nested
  @DisplayName("The signature must be the issuer's (RFC 7523 §3 item 9)")
  class Signature {
    @Test
    void rejects_the_signature_of_another_key_under_the_right_kid() {
      var other = SigningKey.generate(SigningAlgorithm.ES256);

      assertThat(validator(only(ENROLLED), NOW).judge(GOOD.signedBy(other), CLIENT))
          .isEqualTo(
              new Rejected(
                  new Reason.NotAuthentic(new Fault.BadSignature(Optional.of(KEY.keyId())))));
    }

    @Test
    void rejects_an_unknown_key() {
      assertRejected(
          jwt -> jwt.header("kid", "other"),
          new Reason.NotAuthentic(new Fault.UnknownKey(Optional.of("other"))));
    }

    @Test
    void rejects_an_algorithm_that_the_issuer_may_not_use() {
      var rsa = TestKeys.of(SigningAlgorithm.RS256);
      var issuer =
          EnrolledIssuer.singleTenant(
              new TrustedIssuer(IDP, TestKeys.published(KEY, rsa), Set.of(SigningAlgorithm.ES256)));
      var assertion = GOOD.header("alg", "RS256").header("kid", rsa.keyId()).signedBy(rsa);

      assertThat(validator(only(issuer), NOW).judge(assertion, CLIENT))
          .isEqualTo(new Rejected(new Reason.NotAuthentic(new Fault.AlgorithmNotAllowed("RS256"))));
    }

    @Test
    void rejects_a_critical_header() {
      assertRejected(
          jwt -> jwt.rawHeader("crit", "[\"exp\"]"),
          new Reason.NotAuthentic(new Fault.CriticalHeader()));
    }

    @Test
    void is_undecided_when_the_keys_cannot_be_had() {
      var down =
          EnrolledIssuer.singleTenant(
              new TrustedIssuer(
                  IDP,
                  (keyId, algorithm) -> new KeySource.Lookup.Unavailable("timeout"),
                  Set.of(SigningAlgorithm.ES256)));

      assertThat(validator(only(down), NOW).judge(GOOD.signedBy(KEY), CLIENT))
          .isEqualTo(new Undecided("timeout"));
    }
  }

  @Nested
  @DisplayName("The claims iss, sub, aud, client_id, jti, exp and iat are REQUIRED (IDP-22)")
  class Required {
    @ParameterizedTest
    @ValueSource(strings = {"iss", "sub", "aud", "client_id", "jti", "exp", "iat"})
    void rejects_a_token_without(String name) {
      assertRejected(jwt -> jwt.without(name), new Reason.MissingClaim(name));
    }
  }

  @Nested
  @DisplayName("The aud claim MUST identify us; an array MUST contain exactly one element (RAS-5)")
  class Audience {
    @Test
    void accepts_an_array_of_one() {
      accepted(judge(jwt -> jwt.rawClaim("aud", "[\"https://acme.chat.example/\"]")));
    }

    @Test
    void rejects_a_second_audience_even_when_we_are_the_first() {
      assertRejected(
          jwt -> jwt.rawClaim("aud", "[\"https://acme.chat.example/\",\"https://o.example\"]"),
          new Reason.WrongAudience(
              SELF, List.of("https://acme.chat.example/", "https://o.example")));
    }

    @Test
    void rejects_ourselves_named_twice() {
      assertRejected(
          jwt ->
              jwt.rawClaim(
                  "aud", "[\"https://acme.chat.example/\",\"https://acme.chat.example/\"]"),
          new Reason.WrongAudience(SELF, List.of(SELF.value(), SELF.value())));
    }

    @Test
    void rejects_an_empty_array() {
      assertRejected(jwt -> jwt.rawClaim("aud", "[]"), new Reason.WrongAudience(SELF, List.of()));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://acme.chat.example",
          "https://acme.chat.example/token",
          "https://acme.chat.example/api",
          "https://ACME.chat.example/",
          "https://other.example/",
          ""
        })
    void rejects_the_token_endpoint_the_resource_and_every_other_spelling(String audience) {
      assertRejected(
          jwt -> jwt.claim("aud", audience), new Reason.WrongAudience(SELF, List.of(audience)));
    }
  }

  @Nested
  @DisplayName("The client_id claim MUST identify the client that authenticated (RAS-6)")
  class Client {
    @Test
    void rejects_the_assertion_of_another_client() {
      assertRejected(
          jwt -> jwt.claim("client_id", "other"),
          new Reason.WrongClient(CLIENT, new ClientId("other")));
    }

    @Test
    void compares_a_metadata_document_url_byte_for_byte() {
      var url = new ClientId("https://client.example/metadata.json");
      var assertion =
          GOOD.claim("client_id", "https://client.example/metadata.json/").signedBy(KEY);

      assertThat(validator(only(ENROLLED), NOW).judge(assertion, url))
          .isInstanceOfSatisfying(
              Rejected.class,
              rejected -> assertThat(rejected.reason()).isInstanceOf(Reason.WrongClient.class));
    }

    @Test
    void an_actor_does_not_stand_in_for_the_client() {
      assertRejected(
          jwt -> jwt.claim("client_id", "other").rawClaim("act", "{\"sub\":\"" + CLIENT + "\"}"),
          new Reason.WrongClient(CLIENT, new ClientId("other")));
    }
  }

  @Nested
  @DisplayName("exp, iat and nbf (RAS-7, TOK-15, SEC-18), with a skew of 30 seconds")
  class Times {
    private static final Instant EXP = NOW.plusSeconds(300);

    @Test
    void accepts_until_one_second_before_exp_and_skew() {
      accepted(judgeAt(EXP.plusSeconds(29), jwt -> jwt));
    }

    @Test
    void rejects_at_the_very_second_of_exp_and_skew() {
      var then = EXP.plusSeconds(30);

      assertThat(judgeAt(then, jwt -> jwt)).isEqualTo(new Rejected(new Reason.Expired(EXP, then)));
    }

    @Test
    void accepts_an_nbf_as_far_ahead_as_the_skew() {
      accepted(judge(jwt -> jwt.claim("nbf", NOW.plusSeconds(30).getEpochSecond())));
    }

    @Test
    void rejects_an_nbf_one_second_further() {
      var later = NOW.plusSeconds(31);

      assertRejected(
          jwt -> jwt.claim("nbf", later.getEpochSecond()), new Reason.NotYetValid(later, NOW));
    }

    @Test
    void accepts_an_iat_as_far_ahead_as_the_skew() {
      accepted(judge(jwt -> jwt.claim("iat", NOW.plusSeconds(30).getEpochSecond())));
    }

    @Test
    void rejects_an_iat_one_second_further() {
      var later = NOW.plusSeconds(31);

      assertRejected(
          jwt -> jwt.claim("iat", later.getEpochSecond()), new Reason.IssuedInFuture(later, NOW));
    }

    @Test
    void accepts_a_life_of_one_hour() {
      accepted(judge(jwt -> jwt.claim("exp", NOW.plusSeconds(3600).getEpochSecond())));
    }

    @Test
    void rejects_a_life_of_one_hour_and_a_second() {
      assertRejected(
          jwt -> jwt.claim("exp", NOW.plusSeconds(3601).getEpochSecond()),
          new Reason.UnacceptableLife(Duration.ofSeconds(3601), Duration.ofHours(1)));
    }

    @Test
    void rejects_a_token_that_expires_when_it_is_issued() {
      assertRejected(
          jwt -> jwt.claim("exp", NOW.getEpochSecond()),
          new Reason.UnacceptableLife(Duration.ZERO, Duration.ofHours(1)));
    }

    @Test
    void rejects_a_token_that_expires_before_it_is_issued() {
      assertRejected(
          jwt -> jwt.claim("exp", NOW.minusSeconds(1).getEpochSecond()),
          new Reason.UnacceptableLife(Duration.ofSeconds(-1), Duration.ofHours(1)));
    }

    @Test
    void accepts_as_old_as_the_age_cap_and_skew() {
      assertThat(judgeAged(Duration.ofSeconds(90))).isInstanceOf(Accepted.class);
    }

    @Test
    void rejects_one_second_older() {
      assertThat(judgeAged(Duration.ofSeconds(91)))
          .isEqualTo(
              new Rejected(new Reason.TooOld(NOW, NOW.plusSeconds(91), Duration.ofMinutes(1))));
    }

    private IdJagVerdict judgeAged(Duration age) {
      var limits = new Limits(ClockSkew.DEFAULT, Duration.ofHours(1), Duration.ofMinutes(1));
      return new IdJagValidator(SELF, only(ENROLLED), limits, InstantSource.fixed(NOW.plus(age)))
          .judge(GOOD.signedBy(KEY), CLIENT);
    }
  }

  @Nested
  @DisplayName("§6 tenant and aud_tenant bind to the enrolled tenant (RAS-20)")
  class Tenants {
    private static final EnrolledIssuer OF_TENANT =
        new EnrolledIssuer(ENROLLED.trust(), Optional.of("acme"), Optional.of("chat-acme"));

    private IdJagVerdict judgeForTenant(UnaryOperator<SpoiltJwt> spoil) {
      return validator(only(OF_TENANT), NOW).judge(spoil.apply(GOOD).signedBy(KEY), CLIENT);
    }

    @Test
    void accepts_the_enrolled_tenants() {
      var idJag =
          accepted(
              judgeForTenant(jwt -> jwt.claim("tenant", "acme").claim("aud_tenant", "chat-acme")));

      assertThat(idJag.tenant()).contains("acme");
      assertThat(idJag.audienceTenant()).contains("chat-acme");
    }

    @Test
    void rejects_another_tenant_of_the_same_issuer() {
      assertThat(judgeForTenant(jwt -> jwt.claim("tenant", "globex")))
          .isEqualTo(
              new Rejected(new Reason.WrongTenant(Optional.of("acme"), Optional.of("globex"))));
    }

    @Test
    void rejects_an_issuer_of_many_tenants_that_does_not_say_which() {
      assertThat(judgeForTenant(jwt -> jwt))
          .isEqualTo(new Rejected(new Reason.WrongTenant(Optional.of("acme"), Optional.empty())));
    }

    @Test
    void rejects_a_tenant_of_an_issuer_that_was_enrolled_as_having_none() {
      assertRejected(
          jwt -> jwt.claim("tenant", "globex"),
          new Reason.WrongTenant(Optional.empty(), Optional.of("globex")));
    }

    @Test
    void accepts_a_token_that_does_not_say_which_of_our_tenants() {
      accepted(judgeForTenant(jwt -> jwt.claim("tenant", "acme")));
    }

    @Test
    void rejects_another_tenant_of_ours() {
      assertThat(
              judgeForTenant(jwt -> jwt.claim("tenant", "acme").claim("aud_tenant", "chat-globex")))
          .isEqualTo(
              new Rejected(
                  new Reason.WrongAudienceTenant(Optional.of("chat-acme"), "chat-globex")));
    }

    @Test
    void rejects_a_tenant_of_ours_when_none_was_enrolled() {
      assertRejected(
          jwt -> jwt.claim("aud_tenant", "chat-globex"),
          new Reason.WrongAudienceTenant(Optional.empty(), "chat-globex"));
    }
  }

  @Nested
  @DisplayName("§9.8 A confirmation that cannot be met is never ignored (RAS-36)")
  class Confirmations {
    @Test
    void reads_the_thumbprint_of_a_bound_grant() {
      var idJag = accepted(judge(jwt -> jwt.rawClaim("cnf", "{\"jkt\":\"" + THUMBPRINT + "\"}")));

      assertThat(idJag.keyThumbprint()).contains(THUMBPRINT);
      assertThat(idJag.confirmation()).isEqualTo(new Confirmation.DpopKey(THUMBPRINT));
    }

    @Test
    void rejects_a_binding_to_a_certificate() {
      assertRejected(
          jwt -> jwt.rawClaim("cnf", "{\"x5t#S256\":\"abc\"}"),
          new Reason.UnknownConfirmation(Set.of("x5t#S256")));
      assertRejected(
          jwt -> jwt.rawClaim("cnf", "{\"x5t#S256\":\"" + THUMBPRINT + "\"}"),
          new Reason.UnknownConfirmation(Set.of("x5t#S256")));
    }
  }

  @Nested
  @DisplayName("What is handed on to the decisions of the resource authorization server")
  class HandedOn {
    @Test
    void several_resources_in_their_order() {
      var idJag =
          accepted(
              judge(jwt ->
                  jwt.rawClaim("resource", "[\"https://b.example\",\"https://a.example\"]")));

      assertThat(idJag.resources())
          .containsExactly(
              new ResourceIndicator("https://b.example"),
              new ResourceIndicator("https://a.example"));
    }

    @Test
    @DisplayName("authorization_details as an array of objects (RAS-14)")
    void authorization_details() {
      var idJag =
          accepted(judge(jwt -> jwt.rawClaim("authorization_details", "[{\"type\":\"t\"}]")));

      assertThat(idJag.authorizationDetails().all()).hasSize(1);
    }

    @Test
    @DisplayName("act, beside the client and the subject (RAS-19)")
    void actor() throws Exception {
      var idJag = accepted(judge(jwt -> jwt.rawClaim("act", "{\"sub\":\"agent\"}")));

      assertThat(idJag.actor().orElseThrow().string("sub")).contains("agent");
      assertThat(idJag.client()).isEqualTo(CLIENT);
      assertThat(idJag.subject()).isEqualTo("U019488227");
    }

    @Test
    void authentication_context() {
      var idJag =
          accepted(
              judge(jwt ->
                  jwt.claim("auth_time", NOW.minusSeconds(60).getEpochSecond())
                      .claim("acr", "phr")
                      .rawClaim("amr", "[\"mfa\",\"hwk\"]")));

      assertThat(idJag.authentication())
          .isEqualTo(
              new AuthenticationContext(
                  Optional.of(NOW.minusSeconds(60)), Optional.of("phr"), List.of("mfa", "hwk")));
    }

    @Test
    void identifiers_of_the_person() {
      var idJag =
          accepted(judge(jwt -> jwt.claim("email", "a@acme.example").claim("aud_sub", "u1")));

      assertThat(idJag.email()).contains("a@acme.example");
      assertThat(idJag.audienceSubject()).contains("u1");
    }

    @Test
    @DisplayName("SEC-9: an address that the issuer says is not verified is none")
    void an_address_only_if_the_issuer_does_not_say_that_it_is_unverified() {
      for (var verified : List.of("true", "\"true\"")) {
        assertThat(email(verified)).as(verified).contains("a@acme.example");
      }
      for (var unverified :
          List.of("false", "\"false\"", "\"no\"", "\"\"", "0", "1", "null", "[]", "{}")) {
        assertThat(email(unverified)).as(unverified).isEmpty();
      }
    }

    private Optional<String> email(String verified) {
      return accepted(
              judge(
                  jwt -> jwt.claim("email", "a@acme.example").rawClaim("email_verified", verified)))
          .email();
    }
  }

  @Nested
  @DisplayName("§3.2 sub_id of the format saml-nameid (RAS-10)")
  class SubjectIdentifier {
    @Test
    void reads_every_member() {
      var idJag =
          accepted(
              judge(jwt ->
                  jwt.rawClaim(
                      "sub_id",
                      """
                      {"format":"saml-nameid","issuer":"urn:idp","nameid":"a@b",
                       "nameid_format":"f","name_qualifier":"q",
                       "sp_name_qualifier":"s","sp_provided_id":"p"}\
                      """)));

      assertThat(idJag.samlNameId())
          .contains(
              new SamlNameId(
                  "urn:idp",
                  "a@b",
                  Optional.of("f"),
                  Optional.of("q"),
                  Optional.of("s"),
                  Optional.of("p")));
    }

    @Test
    void takes_no_other_format_for_a_name_id() {
      var idJag =
          accepted(
              judge(jwt -> jwt.rawClaim("sub_id", "{\"format\":\"email\",\"email\":\"a@b\"}")));

      assertThat(idJag.samlNameId()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{\"format\":\"saml-nameid\"}",
          "{\"format\":\"saml-nameid\",\"issuer\":\"urn:idp\"}",
          "{\"format\":\"saml-nameid\",\"nameid\":\"a@b\"}",
          "{\"format\":\"saml-nameid\",\"issuer\":\"urn:idp\",\"nameid\":\"\"}",
          "{\"format\":\"saml-nameid\",\"issuer\":\"urn:idp\",\"nameid\":\"a\",\"name_qualifier\":1}"
        })
    void rejects_one_that_is_not_what_its_format_demands(String subjectId) {
      assertThat(judge(jwt -> jwt.rawClaim("sub_id", subjectId)))
          .isInstanceOfSatisfying(
              Rejected.class,
              rejected -> assertThat(rejected.reason()).isInstanceOf(Reason.Malformed.class));
    }

    @Test
    void its_issuer_creates_no_trust() {
      assertRejected(
          jwt ->
              jwt.claim("iss", "https://evil.example")
                  .rawClaim(
                      "sub_id",
                      "{\"format\":\"saml-nameid\",\"issuer\":\"" + IDP + "\",\"nameid\":\"a\"}"),
          new Reason.UntrustedIssuer("https://evil.example"));
    }
  }
}
