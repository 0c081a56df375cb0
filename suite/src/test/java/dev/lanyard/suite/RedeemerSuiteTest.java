package dev.lanyard.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.suite.redeemer.Redeemer;
import dev.lanyard.suite.redeemer.RedeemerBench;
import dev.lanyard.suite.redeemer.RedeemerSettings;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CONF-5: the checks of a redeemer find what is broken, and nothing else")
class RedeemerSuiteTest {
  private static final Jws PROVIDER = Jws.generate(Jws.Algorithm.ES256, "provider-key");
  private static final Wire WIRE = new Wire(List.of());

  static RedeemerSettings settings(Issuer issuer) {
    return new RedeemerSettings(
        issuer,
        SpoilableServer.CLIENT,
        Optional.of(SpoilableServer.OTHER),
        SpoilableRedeemer.PROVIDER,
        Members.member("sub", SpoilableRedeemer.PERSON),
        new RedeemerSettings.Target(
            new ResourceIndicator("https://mcp.example/mcp"), Scopes.of("read", "write")),
        Optional.of(
            new RedeemerSettings.Target(
                new ResourceIndicator("https://mcp.example/other"), Scopes.of("list"))),
        Optional.empty(),
        RedeemerSettings.Behaviour.STRICT);
  }

  private static Report run(Set<String> flaws, Suite<RedeemerBench> suite) throws Exception {
    try (var server = new SpoilableRedeemer(PROVIDER, flaws)) {
      var bench = new RedeemerBench(settings(server.issuer()), PROVIDER, WIRE, Clock.systemUTC());
      return suite.run(server.issuer().value(), bench, Clock.systemUTC(), _ignored -> {});
    }
  }

  @Test
  void all_of_them_pass_where_nothing_is_broken() throws Exception {
    var report = run(Set.of(), Redeemer.suite());
    assertThat(report.findings())
        .filteredOn(finding -> finding.outcome() instanceof Outcome.Failed)
        .isEmpty();
    assertThat(report.findings())
        .filteredOn(finding -> finding.outcome() instanceof Outcome.NotApplicable)
        .extracting(Report.Finding::name)
        .containsExactlyInAnyOrder("client-secret-post", "tenant-other");
    assertThat(report.conforms()).isTrue();
    assertThat(report.findings()).hasSizeGreaterThan(80);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "metadata of another, metadata-issuer",
    "names no grant type, metadata-grant-type",
    "names no profile, metadata-profile",
    "names its customers, metadata-trusts-nobody",
    "text/html, response-json",
    "stored, response-json",
    "stored, error-not-stored",
    "says little, response-expires-in",
    "says little, response-scope",
    "says little, response-resource",
    "says N_A, response-token-type",
    "lives for a day, response-life",
    "gives refresh tokens, response-no-refresh-token",
    "no audience in tokens, token-audience",
    "names another client, token-client",
    "plain tokens, token-type",
    "leaves claims out, token-claims",
    "compares types letter by letter, typ-application",
    "takes no array, aud-array-of-one",
    "minds what it does not know, claims-unknown",
    "minds what it does not know, header-unknown",
    "takes any type, typ-missing",
    "takes any type, typ-jwt",
    "takes any type, typ-at-jwt",
    "takes any type, typ-logout-jwt",
    "takes any type, typ-secevent-jwt",
    "takes any type, typ-dpop-jwt",
    "takes types that begin so, typ-longer",
    "needs no audience, aud-missing",
    "needs no audience, aud-empty",
    "takes any audience, aud-other",
    "takes any audience, aud-resource",
    "takes several audiences, aud-two",
    "ignores slashes, aud-slash",
    "ignores slashes, iss-slash",
    "takes the token endpoint as audience, aud-token-endpoint",
    "needs no issuer, iss-missing",
    "trusts any issuer, iss-unknown",
    "trusts any issuer, iss-self",
    "takes alg none, signature-none",
    "lets the token choose the algorithm, signature-hs256",
    "checks no signature, signature-other-key",
    "checks no signature, signature-changed-claims",
    "checks no signature, signature-cut-off",
    "takes any kid, signature-unknown-kid",
    "trusts embedded keys, signature-embedded-key",
    "ignores crit, crit-unknown",
    "takes what is no JWT, not-a-jwt",
    "takes endless ones, exp-missing",
    "takes endless ones, exp-text",
    "needs no iat, iat-missing",
    "takes expired ones, exp-passed",
    "takes future ones, iat-future",
    "ignores nbf, nbf-future",
    "takes any life, life-a-day",
    "judges life by iat, life-by-exp",
    "needs no jti, jti-missing",
    "redeems twice, replay",
    "redeems twice, replay-at-once",
    "compares all but jti, jti-of-others",
    "ignores client_id, client-id-other",
    "ignores client_id, client-id-missing",
    "ignores client_id, client-swapped",
    "ignores client_id, act-is-no-client",
    "ignores secrets, client-wrong-secret",
    "takes anybody, client-unproved",
    "takes anybody, client-nobody",
    "looks at the assertion first, client-secret-first",
    "refuses client_id beside Basic, client-id-beside-basic",
    "needs no sub, sub-missing",
    "needs no sub, sub-empty",
    "creates people, sub-unknown",
    "believes sub_id, sub-id-foreign-issuer",
    "governs everything, resource-ungoverned",
    "lets requests widen resources, resource-widened",
    "takes no resource in requests, resource-repeated",
    "ignores the requested resource, resource-narrowed",
    "guesses a resource, resource-missing",
    "ignores the requested scope, scope-narrowed",
    "no scope ceiling, scope-ceiling",
    "grants unknown scopes, scope-unknown-in-assertion",
    "ignores the requested scope, scope-nothing-left",
    "ignores the requested scope, scope-malformed",
    "needs no assertion, assertion-missing",
    "takes duplicates, assertion-twice",
    "takes duplicates, scope-twice",
    "takes duplicates, grant-type-twice",
    "takes any grant type, grant-type-unknown",
    "takes any grant type, grant-type-missing",
    "minds what it does not know, parameter-unknown",
    "minds empty parameters, parameter-empty",
    "takes GET, method-get",
    "takes JSON, body-json",
    "repeats assertions, error-without-assertion",
    "401 for bad assertions, aud-other",
    "ignores cnf, dpop-bound-other-key",
    "ignores cnf, dpop-bound-unproved",
    "ignores unknown cnf, cnf-unknown",
    "takes no proof, dpop-bound-proved",
    "takes no proof, dpop-unbound-proved",
    "binds no token, dpop-bound-token",
    "ignores proofs, dpop-bad-nonsense",
    "ignores proofs, dpop-bad-signature",
    "ignores htm, dpop-bad-htm",
    "ignores htu, dpop-bad-htu",
    "takes old proofs, dpop-bad-iat-old",
    "takes proofs twice, dpop-replayed",
  })
  void each_flaw_is_found(String flaw, String check) throws Exception {
    assertFound(check, run(Set.of(flaw), Redeemer.suite().only(Set.of(check))));
    assertThat(run(Set.of(), Redeemer.suite().only(Set.of(check))).findings())
        .hasSize(2)
        .allMatch(finding -> finding.outcome() instanceof Outcome.Passed);
  }

  @Test
  @DisplayName("a check that was never seen to fail may be one that cannot")
  void each_check_has_a_flaw() throws Exception {
    // In order: every other check rests on it; odd_urls; this server knows Basic alone; and the
    // person of the settings is of no tenant.
    var others = Set.of("redeems", "metadata-token-endpoint", "client-secret-post", "tenant-other");
    assertThat(run(Set.of(), Redeemer.suite()).findings())
        .extracting(Report.Finding::name)
        .filteredOn(name -> !others.contains(name))
        .allSatisfy(name -> assertThat(Flaws.found(RedeemerSuiteTest.class)).contains(name));
  }

  private static void assertFound(String check, Report report) {
    assertThat(report.findings())
        .filteredOn(finding -> finding.name().equals(check))
        .singleElement()
        .matches(finding -> finding.outcome() instanceof Outcome.Failed, "failed")
        .matches(finding -> finding.detail().contains("expected"), "says what was expected");
  }

  @Test
  @DisplayName("a server that refuses everything passes nothing that comes after")
  void a_server_that_refuses_everything() throws Exception {
    var report = run(Set.of("takes no array", "ignores secrets"), Redeemer.suite());
    assertThat(report.conforms()).isFalse();
    var nobody = new SpoilableRedeemer(Jws.generate(Jws.Algorithm.ES256, "another"), Set.of());
    try (nobody) {
      var bench = new RedeemerBench(settings(nobody.issuer()), PROVIDER, WIRE, Clock.systemUTC());
      var refusing = Redeemer.suite().run("x", bench, Clock.systemUTC(), _ignored -> {});
      assertThat(refusing.conforms()).isFalse();
      assertThat(refusing.findings())
          .filteredOn(finding -> finding.name().equals("signature-none"))
          .singleElement()
          .matches(finding -> finding.outcome() instanceof Outcome.NotApplicable);
    }
  }

  @Test
  void a_server_that_is_not_there_is_a_finding_and_no_crash() throws Exception {
    var bench =
        new RedeemerBench(
            settings(new Issuer("http://127.0.0.1:1")), PROVIDER, WIRE, Clock.systemUTC());
    var report =
        Redeemer.suite().run("http://127.0.0.1:1", bench, Clock.systemUTC(), _ignored -> {});
    assertThat(report.conforms()).isFalse();
    assertThat(report.findings().getFirst().detail()).contains("127.0.0.1:1");
  }

  @ParameterizedTest
  @DisplayName("Metadata with a URL that nobody can call is a finding and no crash")
  @ValueSource(
      strings = {
        "",
        "/token",
        "token",
        "not a url",
        "http://[",
        "http:///token",
        "file:///etc/passwd",
        "mailto:token@example.com",
        "http://127.0.0.1:99999/token",
        "https://server.example/token#part"
      })
  void odd_urls(String url) throws Exception {
    var report = run(Set.of("token_endpoint=" + url), Redeemer.suite());

    assertThat(report.conforms()).isFalse();
    assertThat(report.findings())
        .filteredOn(finding -> finding.name().equals("metadata-token-endpoint"))
        .singleElement()
        .matches(finding -> finding.detail().contains("an odd token_endpoint"));
  }

  @ParameterizedTest
  @DisplayName("An interrupt ends the run: it is no verdict on the server")
  @ValueSource(strings = {"metadata-issuer", "replay-at-once"})
  void interrupted(String check) {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> run(Set.of(), Redeemer.suite().only(Set.of(check))))
        .isInstanceOf(InterruptedException.class);
  }
}
