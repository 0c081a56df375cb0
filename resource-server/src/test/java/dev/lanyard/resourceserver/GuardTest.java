package dev.lanyard.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.Confirmation;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.Challenge;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.TokenStatus.Status;
import dev.lanyard.resourceserver.Verdict.Admitted;
import dev.lanyard.resourceserver.Verdict.Refused;
import dev.lanyard.resourceserver.Verdict.Unavailable;
import java.net.URI;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
  private static final URI URL = URI.create("https://mcp.example/mcp");
  private static final String METADATA_URL =
      "https://mcp.example/.well-known/oauth-protected-resource/mcp";
  private static final Challenge BEARER =
      Challenge.of("Bearer").with("resource_metadata", METADATA_URL);
  private static final Challenge DPOP =
      Challenge.of("DPoP").with("resource_metadata", METADATA_URL);

  private final TestClock clock = new TestClock();
  private final AtomicReference<Status> status = new AtomicReference<>(new Status.Active());
  private final AtomicInteger statusCalls = new AtomicInteger();
  private final Guard guard = guard(List.of("ES256"), false, ScopeCoverage.EXACT);

  @Test
  void a_good_token_admits_the_person_behind_it() {
    assertThat(judge("Bearer " + TestRas.token(), Requirement.scopes("read")))
        .isInstanceOfSatisfying(
            Admitted.class,
            admitted -> {
              assertThat(admitted.accessToken().subject()).isEqualTo("ada");
              assertThat(admitted.accessToken().client().value()).isEqualTo("claude-code");
            });
  }

  @Nested
  @DisplayName("RS-1, RFC 9728 §5.1: no or no valid token is answered 401 with resource_metadata")
  class Unauthorized {
    @Test
    @DisplayName("RFC 6750 §3.1: without a token SHOULD NOT include an error code")
    void no_token_is_challenged_without_an_error() {
      var answer =
          answer(guard.judge(request(List.of(), Optional.empty()), Requirement.VALID_TOKEN));

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.challenges())
          .containsExactly(
              BEARER.with("scope", "read write"),
              DPOP.with("algs", "ES256").with("scope", "read write"));
      assertThat(answer.body().has("error")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YTpi", "Negotiate x", "Token abc"})
    void credentials_of_another_scheme_are_no_token(String header) {
      assertThat(refusal(header)).isEqualTo(new Refusal.NoToken());
    }

    @Test
    void a_bad_token_is_named_invalid_and_the_caller_learns_no_more() {
      var answer = answer(judge("Bearer a.b.c", Requirement.VALID_TOKEN));

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.challenges().getFirst())
          .isEqualTo(
              BEARER
                  .with("scope", "read write")
                  .with("error", "invalid_token")
                  .with("error_description", "the access token is not valid here"));
    }

    @Test
    void an_expired_token() {
      var token = TestRas.token();
      assertThat(judge("Bearer " + token, Requirement.VALID_TOKEN)).isInstanceOf(Admitted.class);

      clock.advance(Duration.ofMinutes(46));

      assertBadToken("Bearer " + token, "exp");
    }

    @Test
    @DisplayName("RFC 9068 §4: a token for a sibling resource")
    void a_token_for_another_audience() {
      var sibling = new ResourceIndicator("https://mcp.example/other");

      assertBadToken("Bearer " + TestRas.token(sibling, Duration.ofMinutes(5), c -> c), "aud");
    }

    @ParameterizedTest
    @DisplayName("RFC 8725 §3.11: every other kind of token, though well signed")
    @ValueSource(strings = {"oauth-id-jag+jwt", "JWT", "logout+jwt", "secevent+jwt", "dpop+jwt"})
    void another_kind_of_token(String type) {
      assertBadToken("Bearer " + TestRas.of(type), "typ");
    }

    @Test
    void a_token_of_an_authorization_server_that_the_resource_does_not_name() {
      var other = new Issuer("https://other.example");
      var metadata = new ProtectedResourceMetadata(TestRas.RESOURCE, other, Scopes.NONE);
      TrustedIssuers both =
          issuer ->
              issuer.equals(other)
                  ? Optional.of(
                      new TrustedIssuer(
                          other,
                          (keyId, algorithm) -> new KeySource.Lookup.None(),
                          Set.of(SigningAlgorithm.ES256)))
                  : TestRas.trusted().find(issuer);
      var narrow =
          new Guard(
              metadata, both, TokenStatus.trustedUntilExpiry(), new MemoryDpopReplay(clock), clock);

      assertThat(narrow.judge(bearer(TestRas.token()), Requirement.VALID_TOKEN))
          .isInstanceOfSatisfying(
              Refused.class,
              refused -> assertThat(refused.refusal().evidence().check()).isEqualTo("iss"));
    }
  }

  @Nested
  @DisplayName("RS-2, RFC 6750 §3.1: invalid_request is 400")
  class BadRequests {
    @Test
    void two_authorization_headers() {
      var twice = List.of("Bearer " + TestRas.token(), "Bearer " + TestRas.token());
      var answer = answer(guard.judge(request(twice, Optional.empty()), Requirement.VALID_TOKEN));

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.challenges().getFirst().parameter("error")).contains("invalid_request");
    }

    @Test
    void a_token_in_the_header_and_another_in_the_query() {
      var header = List.of("Bearer " + TestRas.token());

      assertThat(
              guard.judge(
                  request(header, Optional.of("a=b&access_token=c")), Requirement.VALID_TOKEN))
          .isInstanceOfSatisfying(
              Refused.class,
              refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.BadRequest.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer ", "Bearer a b", "Bearer \u00e4", "DPoP a,b"})
    void a_header_without_a_token(String header) {
      assertThat(refusal(header)).isInstanceOf(Refusal.BadRequest.class);
    }

    @Test
    @DisplayName("RS-5, OAuth 2.1 §5.1: a token in the query is not looked at")
    void a_token_in_the_query_alone_is_no_token() {
      var query = Optional.of("access_token=" + TestRas.token());

      assertThat(guard.judge(request(List.of(), query), Requirement.VALID_TOKEN))
          .isEqualTo(new Refused(new Refusal.NoToken()));
    }
  }

  @Nested
  @DisplayName("RFC 9396 §9.1: the resource server enforces the authorization details of a token")
  class Details {
    private static final String READ_APOLLO =
        "[{\"type\":\"ticket_access\",\"actions\":[\"read\"],\"projects\":[\"apollo\"]}]";

    private Verdict judged(String granted) throws MalformedException {
      var said = details(granted);
      var token = TestRas.token(claims -> claims.authorizationDetails(said));
      return judge(
          "Bearer " + token,
          Requirement.scopes("read").detailed(new AuthorizationDetails(details(READ_APOLLO))));
    }

    private static List<JsonObject> details(String json) throws MalformedException {
      return AuthorizationDetails.parse(json).all();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          READ_APOLLO,
          "[{\"type\":\"ticket_access\",\"actions\":[\"read\",\"close\"],\"projects\":[\"apollo\"]}]",
          "[{\"type\":\"ticket_access\"}]",
          "[{\"type\":\"other\"},{\"type\":\"ticket_access\",\"locations\":[\"https://mcp.example/mcp\"]}]"
        })
    void admits_what_gives_as_much_or_more(String granted) throws MalformedException {
      assertThat(judged(granted)).isInstanceOf(Admitted.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "[]",
          "[{\"type\":\"other\"}]",
          "[{\"type\":\"ticket_access\",\"actions\":[\"close\"],\"projects\":[\"apollo\"]}]",
          "[{\"type\":\"ticket_access\",\"locations\":[\"https://elsewhere.example/mcp\"]}]",
          "[{\"type\":\"ticket_access\",\"locations\":\"https://mcp.example/mcp\"}]",
          "[{\"type\":\"ticket_access\",\"limit\":7}]",
          "[{\"type\":\"ticket_access\",\"actions\":[\"read\"],\"projects\":[\"gemini\"]},"
              + "{\"type\":\"ticket_access\",\"actions\":[\"close\"],\"projects\":[\"apollo\"]}]"
        })
    @DisplayName("refuses what gives less, is for elsewhere, or would have to be added up")
    void refuses_what_gives_less(String granted) throws MalformedException {
      var verdict = judged(granted);
      assertThat(((Refused) verdict).refusal().evidence().check())
          .isEqualTo("authorization_details");
      var answer = answer(verdict);
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.challenges().getFirst().toHeader())
          .contains("error=\"insufficient_scope\"")
          .doesNotContain("scope=\"read");
    }
  }

  @Nested
  @DisplayName("RS-3, MCP Runtime Insufficient Scope Errors: 403 with everything that is needed")
  class InsufficientScope {
    @Test
    void one_challenge_names_all_scopes_of_the_operation() {
      var answer = answer(judge("Bearer " + TestRas.token(), Requirement.scopes("read", "write")));

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.challenges().getFirst())
          .isEqualTo(
              BEARER
                  .with("error", "insufficient_scope")
                  .with("scope", "read write")
                  .with(
                      "error_description",
                      "the access token lacks a scope that this operation needs"));
    }

    @Test
    @DisplayName("RS-4: a broader scope implies a narrower one, where that is written down")
    void a_broader_scope_satisfies() {
      var implying =
          guard(List.of(), false, new ScopeCoverage(Map.of("read", Scopes.of("read.title"))));

      assertThat(implying.judge(bearer(TestRas.token()), Requirement.scopes("read.title")))
          .isInstanceOf(Admitted.class);
      assertThat(implying.judge(bearer(TestRas.token()), Requirement.scopes("write")))
          .isInstanceOf(Refused.class);
      assertThat(guard.judge(bearer(TestRas.token()), Requirement.scopes("read.title")))
          .isInstanceOf(Refused.class);
    }
  }

  @Nested
  @DisplayName("RS-11, RFC 9470 §3: authentication too weak or too old")
  class StepUp {
    private final AuthenticationContext signIn =
        new AuthenticationContext(
            Optional.of(TestRas.NOW.minusSeconds(600)), Optional.of("pwd"), List.of());
    private final String token = TestRas.token(claims -> claims.authentication(signIn));

    @Test
    void a_sign_in_that_is_fresh_and_strong_enough_admits() {
      var need = Requirement.VALID_TOKEN.signedInWithin(Duration.ofSeconds(600)).signedInBy("pwd");

      assertThat(judge("Bearer " + token, need)).isInstanceOf(Admitted.class);
    }

    @Test
    void an_older_one_is_challenged_with_max_age() {
      var need = Requirement.VALID_TOKEN.signedInWithin(Duration.ofSeconds(599));
      var answer = answer(judge("Bearer " + token, need));

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.challenges().getFirst().parameters())
          .containsEntry("error", "insufficient_user_authentication")
          .containsEntry("max_age", "599")
          .doesNotContainKey("acr_values");
    }

    @Test
    void a_weaker_one_is_challenged_with_acr_values() {
      var answer =
          answer(judge("Bearer " + token, Requirement.VALID_TOKEN.signedInBy("mfa", "phr")));

      assertThat(answer.challenges().getFirst().parameters())
          .containsEntry("acr_values", "mfa phr")
          .doesNotContainKey("max_age");
    }

    @Test
    void an_unknown_sign_in_never_suffices() {
      var need = Requirement.VALID_TOKEN.signedInWithin(Duration.ofDays(999));

      assertThat(judge("Bearer " + TestRas.token(), need))
          .isEqualTo(new Refused(new Refusal.WeakSignIn(need)));
    }
  }

  @Nested
  @DisplayName("RS-9, RFC 9449 §7: DPoP")
  class Dpop {
    private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);
    private final DpopSigner signer = new DpopSigner(key, clock, new SecureRandom());
    private final String bound =
        TestRas.token(claims -> claims.boundTo(key.publicKey().thumbprint()));

    @Test
    void a_bound_token_with_its_proof_admits() {
      assertThat(judge(List.of("DPoP " + bound), List.of(proof(bound))))
          .isInstanceOf(Admitted.class);
    }

    @Test
    void a_proof_is_good_once() {
      var proof = proof(bound);
      judge(List.of("DPoP " + bound), List.of(proof));

      assertBadProof(judge(List.of("DPoP " + bound), List.of(proof)), "jti");
    }

    @Test
    void a_bound_token_as_bearer_is_refused() {
      assertThat(judge(List.of("Bearer " + bound), List.of(proof(bound))))
          .isInstanceOfSatisfying(
              Refused.class,
              refused -> assertThat(refused.refusal().evidence().check()).isEqualTo("scheme"));
    }

    @Test
    void an_unbound_token_with_the_dpop_scheme_is_refused() {
      var unbound = TestRas.token();

      assertThat(judge(List.of("DPoP " + unbound), List.of(proof(unbound))))
          .isInstanceOfSatisfying(
              Refused.class,
              refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.BadToken.class));
    }

    @Test
    void without_a_proof_is_refused_and_challenged_with_the_algorithms() {
      var verdict = judge(List.of("DPoP " + bound), List.of());
      assertBadProof(verdict, "DPoP");

      var answer = answer(verdict);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.challenges())
          .containsExactly(
              DPOP.with("algs", "ES256")
                  .with("error", "invalid_dpop_proof")
                  .with("error_description", "the DPoP proof is missing or not valid"));
    }

    @Test
    void a_proof_by_another_key() {
      var other =
          new DpopSigner(SigningKey.generate(SigningAlgorithm.ES256), clock, new SecureRandom());
      var proof = other.proof("POST", URL, Optional.empty(), new Secret(bound));

      assertBadProof(judge(List.of("DPoP " + bound), List.of(proof)), "cnf.jkt");
    }

    @Test
    void a_proof_for_another_method_url_or_token() {
      var secret = new Secret(bound);
      assertBadProof(
          judge(
              List.of("DPoP " + bound),
              List.of(signer.proof("GET", URL, Optional.empty(), secret))),
          "htm");
      var elsewhere = URI.create("https://mcp.example/other");
      assertBadProof(
          judge(
              List.of("DPoP " + bound),
              List.of(signer.proof("POST", elsewhere, Optional.empty(), secret))),
          "htu");
      assertBadProof(judge(List.of("DPoP " + bound), List.of(proof("another"))), "ath");
    }

    @Test
    void two_proofs() {
      assertBadProof(
          judge(List.of("DPoP " + bound), List.of(proof(bound), proof(bound))), "DPoP header");
    }

    @Test
    void a_resource_that_requires_it_takes_no_bearer_token_and_says_so() {
      var strict = guard(List.of("ES256"), true, ScopeCoverage.EXACT);

      var verdict = strict.judge(bearer(TestRas.token()), Requirement.VALID_TOKEN);
      assertThat(verdict).isInstanceOf(Refused.class);
      assertThat(strict.answer(new Refusal.NoToken()).challenges())
          .extracting(Challenge::scheme)
          .containsExactly("DPoP");
    }

    @Test
    void a_resource_without_dpop_takes_no_bound_token() {
      var without = guard(List.of(), false, ScopeCoverage.EXACT);
      var request =
          new GuardedRequest(
              "POST", URL, Optional.empty(), List.of("DPoP " + bound), List.of(proof(bound)));

      assertThat(without.judge(request, Requirement.VALID_TOKEN)).isInstanceOf(Refused.class);
    }

    private String proof(String token) {
      return signer.proof("POST", URL, Optional.empty(), new Secret(token));
    }

    private Verdict judge(List<String> authorization, List<String> proofs) {
      return guard.judge(
          new GuardedRequest("POST", URL, Optional.empty(), authorization, proofs),
          Requirement.VALID_TOKEN);
    }

    private void assertBadProof(Verdict verdict, String check) {
      assertThat(verdict)
          .isInstanceOfSatisfying(
              Refused.class,
              refused ->
                  assertThat(refused.refusal())
                      .isInstanceOfSatisfying(
                          Refusal.BadProof.class,
                          proof -> {
                            assertThat(proof.error()).isEqualTo(ErrorCode.INVALID_DPOP_PROOF);
                            assertThat(proof.evidence().check()).isEqualTo(check);
                          }));
    }
  }

  @Nested
  @DisplayName("RS-10, RFC 8705 §3: a token that is bound to a certificate")
  class BoundToACertificate {
    private final String thumbprint =
        Confirmation.Certificate.of(ClientCertificates.OURS).thumbprint();
    private final String bound = bound(Map.of("x5t#S256", thumbprint));
    private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);

    private static String bound(Map<String, String> members) {
      var cnf = JsonObject.builder();
      members.forEach(cnf::put);
      var claims = TestRas.claims(TestRas.RESOURCE, Duration.ofMinutes(45), c -> c);
      return TestRas.signed(claims.with(JsonObject.builder().put("cnf", cnf.build()).build()));
    }

    private Verdict judge(
        String authorization, List<String> proofs, Optional<X509Certificate> certificate) {
      return guard.judge(
          new GuardedRequest(
              "POST", URL, Optional.empty(), List.of(authorization), proofs, certificate),
          Requirement.VALID_TOKEN);
    }

    private void assertRefused(Verdict verdict, String check) {
      assertThat(verdict)
          .isInstanceOfSatisfying(
              Refused.class,
              refused -> {
                assertThat(refused.refusal().evidence().check()).isEqualTo(check);
                assertThat(guard.answer(refused.refusal()).status()).isEqualTo(401);
              });
    }

    @Test
    void admits_on_a_connection_with_that_certificate() {
      assertThat(judge("Bearer " + bound, List.of(), Optional.of(ClientCertificates.OURS)))
          .isInstanceOf(Admitted.class);
    }

    @Test
    void is_refused_on_one_without_and_on_one_with_another_also_once_it_was_admitted() {
      judge("Bearer " + bound, List.of(), Optional.of(ClientCertificates.OURS));

      assertRefused(judge("Bearer " + bound, List.of(), Optional.empty()), "cnf.x5t#S256");
      assertRefused(
          judge("Bearer " + bound, List.of(), Optional.of(ClientCertificates.ANOTHER)),
          "cnf.x5t#S256");
    }

    @Test
    void a_dpop_proof_is_no_certificate_and_a_certificate_no_proof() {
      var signer = new DpopSigner(key, clock, new SecureRandom());
      var proof = signer.proof("POST", URL, Optional.empty(), new Secret(bound));
      assertRefused(judge("DPoP " + bound, List.of(proof), Optional.empty()), "scheme");
      assertRefused(judge("Bearer " + bound, List.of(proof), Optional.empty()), "cnf.x5t#S256");

      var boundToKey = TestRas.token(claims -> claims.boundTo(key.publicKey().thumbprint()));
      assertRefused(
          judge("DPoP " + boundToKey, List.of(), Optional.of(ClientCertificates.OURS)), "DPoP");
    }

    @Test
    @DisplayName("FWD-1: nobody can meet two bindings, or one that is no thumbprint")
    void both() {
      var both = bound(Map.of("x5t#S256", thumbprint, "jkt", key.publicKey().thumbprint()));
      for (var token : List.of(both, bound(Map.of("x5t#S256", "abc")))) {
        assertRefused(
            judge("Bearer " + token, List.of(), Optional.of(ClientCertificates.OURS)), "cnf");
      }
    }

    @Test
    void a_resource_that_requires_dpop_takes_none() {
      var strict = guard(List.of("ES256"), true, ScopeCoverage.EXACT);
      var request =
          new GuardedRequest(
              "POST",
              URL,
              Optional.empty(),
              List.of("Bearer " + bound),
              List.of(),
              Optional.of(ClientCertificates.OURS));
      assertThat(strict.judge(request, Requirement.VALID_TOKEN)).isInstanceOf(Refused.class);
    }
  }

  @Nested
  @DisplayName("RS-13: revocation")
  class Revocation {
    @Test
    void is_asked_about_at_every_call_though_the_signature_is_remembered() {
      var token = TestRas.token();
      judge("Bearer " + token, Requirement.VALID_TOKEN);
      judge("Bearer " + token, Requirement.VALID_TOKEN);
      assertThat(statusCalls).hasValue(2);

      status.set(new Status.Revoked());

      assertBadToken("Bearer " + token, "status");
    }

    @Test
    void an_outage_is_503_never_200() {
      status.set(new Status.Unknown("connection refused"));

      assertThat(judge("Bearer " + TestRas.token(), Requirement.VALID_TOKEN))
          .isEqualTo(new Unavailable("connection refused"));
      assertThat(guard.unavailable().status()).isEqualTo(503);
    }

    @Test
    void is_not_asked_about_a_token_that_is_bad_anyway() {
      judge("Bearer a.b.c", Requirement.VALID_TOKEN);

      assertThat(statusCalls).hasValue(0);
    }
  }

  @Nested
  @DisplayName("Verified tokens")
  class Memory {
    @Test
    void a_withdrawn_key_is_noticed_within_five_minutes() {
      var withdrawn = new AtomicReference<>(false);
      var good = TestRas.trusted().find(TestRas.ISSUER).orElseThrow();
      KeySource keys =
          (keyId, algorithm) ->
              withdrawn.get() ? new KeySource.Lookup.None() : good.keys().find(keyId, algorithm);
      var issuers = TrustedIssuers.of(new TrustedIssuer(TestRas.ISSUER, keys, good.algorithms()));
      var remembering =
          new Guard(
              metadata(List.of(), false),
              issuers,
              TokenStatus.trustedUntilExpiry(),
              new MemoryDpopReplay(clock),
              clock);
      var request = bearer(TestRas.token());
      remembering.judge(request, Requirement.VALID_TOKEN);
      withdrawn.set(true);

      assertThat(remembering.judge(request, Requirement.VALID_TOKEN)).isInstanceOf(Admitted.class);
      clock.advance(Duration.ofMinutes(5));
      assertThat(remembering.judge(request, Requirement.VALID_TOKEN)).isInstanceOf(Refused.class);
    }

    @Test
    void a_withdrawn_key_is_noticed_at_once_where_its_source_tells() {
      var keys = new TestRas.RevocableKeys();
      var told =
          new Guard(
              metadata(List.of(), false),
              TestRas.trusted(keys),
              TokenStatus.trustedUntilExpiry(),
              new MemoryDpopReplay(clock),
              clock);
      var request = bearer(TestRas.token());
      assertThat(told.judge(request, Requirement.VALID_TOKEN)).isInstanceOf(Admitted.class);

      keys.withdraw();

      assertThat(told.judge(request, Requirement.VALID_TOKEN)).isInstanceOf(Refused.class);
    }

    @Test
    void keys_that_cannot_be_had_are_an_outage() {
      KeySource down = (keyId, algorithm) -> new KeySource.Lookup.Unavailable("no route");
      var issuers =
          TrustedIssuers.of(
              new TrustedIssuer(TestRas.ISSUER, down, Set.of(SigningAlgorithm.ES256)));
      var blind =
          new Guard(
              metadata(List.of(), false),
              issuers,
              TokenStatus.trustedUntilExpiry(),
              new MemoryDpopReplay(clock),
              clock);

      assertThat(blind.judge(bearer(TestRas.token()), Requirement.VALID_TOKEN))
          .isEqualTo(new Unavailable("no route"));
    }
  }

  @Nested
  @DisplayName("Configuration")
  class Configuration {
    @Test
    void every_authorization_server_needs_keys() {
      TrustedIssuers nobody = issuer -> Optional.empty();

      assertThatThrownBy(() ->
              new Guard(
                  metadata(List.of(), false),
                  nobody,
                  TokenStatus.trustedUntilExpiry(),
                  new MemoryDpopReplay(clock),
                  clock))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(TestRas.ISSUER.value());
    }

    @Test
    void dpop_needs_known_algorithms() {
      assertThatThrownBy(() -> guard(List.of(), true, ScopeCoverage.EXACT))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> guard(List.of("HS256"), false, ScopeCoverage.EXACT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("HS256");
    }
  }

  private Guard guard(List<String> algorithms, boolean dpopRequired, ScopeCoverage coverage) {
    TokenStatus counting =
        (accessToken, token) -> {
          statusCalls.incrementAndGet();
          return status.get();
        };
    return new Guard(
        metadata(algorithms, dpopRequired),
        TestRas.trusted(),
        counting,
        Optional.empty(),
        new MemoryDpopReplay(clock),
        coverage,
        clock);
  }

  private static ProtectedResourceMetadata metadata(List<String> algorithms, boolean required) {
    return new ProtectedResourceMetadata(
        TestRas.RESOURCE,
        List.of(TestRas.ISSUER),
        Scopes.of("read", "write"),
        Optional.empty(),
        algorithms,
        required);
  }

  private static GuardedRequest request(List<String> authorization, Optional<String> query) {
    return new GuardedRequest("POST", URL, query, authorization, List.of());
  }

  private static GuardedRequest bearer(String token) {
    return request(List.of("Bearer " + token), Optional.empty());
  }

  private Verdict judge(String header, Requirement requirement) {
    return guard.judge(request(List.of(header), Optional.empty()), requirement);
  }

  private Refusal refusal(String header) {
    return ((Refused) judge(header, Requirement.VALID_TOKEN)).refusal();
  }

  private Answer answer(Verdict verdict) {
    return guard.answer(((Refused) verdict).refusal());
  }

  private void assertBadToken(String header, String check) {
    assertThat(refusal(header))
        .isInstanceOfSatisfying(
            Refusal.BadToken.class, bad -> assertThat(bad.evidence().check()).isEqualTo(check));
  }
}
