package dev.lanyard.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.suite.issuer.IdentityProvider;
import dev.lanyard.suite.issuer.IssuerBench;
import dev.lanyard.suite.issuer.IssuerSettings;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CONF-5: the checks of an issuer find what is broken, and nothing else")
class IssuerSuiteTest {
  private static final Wire WIRE = new Wire(List.of());

  private static IssuerSettings settings(SpoilableIssuer server) {
    return new IssuerSettings(
        server.issuer(),
        SpoilableServer.CLIENT,
        Optional.of(SpoilableServer.OTHER),
        Optional.of(new ClientId("public")),
        new IssuerSettings.Subject(new Secret(server.idToken()), Optional.empty()),
        target(SpoilableIssuer.RESOURCE),
        Optional.of(target(SpoilableIssuer.FORBIDDEN)));
  }

  private static IssuerSettings.Target target(String resource) {
    return new IssuerSettings.Target(
        new Issuer(SpoilableIssuer.AUDIENCE),
        new ResourceIndicator(resource),
        new ClientId(SpoilableIssuer.CLIENT_THERE),
        Scopes.of("read", "write"));
  }

  private static Report run(Set<String> flaws, Suite<IssuerBench> suite) throws Exception {
    try (var server = new SpoilableIssuer(flaws)) {
      var bench = new IssuerBench(settings(server), WIRE, Clock.systemUTC());
      return suite.run(server.issuer().value(), bench, Clock.systemUTC(), _ignored -> {});
    }
  }

  @Test
  void all_of_them_pass_where_nothing_is_broken() throws Exception {
    var report = run(Set.of(), IdentityProvider.suite());
    assertThat(report.findings())
        .filteredOn(finding -> finding.outcome() instanceof Outcome.Failed)
        .isEmpty();
    assertThat(report.findings())
        .filteredOn(finding -> finding.outcome() instanceof Outcome.NotApplicable)
        .extracting(Report.Finding::name)
        .containsExactly("subject-refresh-token");
    assertThat(report.findings()).hasSizeGreaterThan(60);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "metadata of another, metadata-issuer",
    "names no grant type, metadata-grant-type",
    "names no requested type, metadata-requested-type",
    "names its targets, metadata-trusts-nobody",
    "publishes private keys, keys-public",
    "unnamed keys, keys-named",
    "publishes a secret, keys-asymmetric",
    "says access token, answer-issued-type",
    "says Bearer, answer-token-type",
    "says Bearer, dpop-token-type",
    "says little, answer-expires-in",
    "stored, answer-not-stored",
    "stored, error-not-stored",
    "gives refresh tokens, answer-no-refresh-token",
    "plain type, id-jag-typ",
    "signs with another key, id-jag-signature",
    "another issuer, id-jag-iss",
    "names the resource as audience, id-jag-aud",
    "audience as array, id-jag-aud-text",
    "its own client id, id-jag-client",
    "no resource, id-jag-resource",
    "grants every scope, id-jag-scope",
    "grants every scope, scope-narrowed",
    "another subject each time, id-jag-sub",
    "one identifier for all, id-jag-jti",
    "issued yesterday, id-jag-times",
    "lives for a day, id-jag-life",
    "binds to anything, id-jag-unbound",
    "issues whatever is asked, requested-type-missing",
    "issues whatever is asked, requested-type-unknown",
    "needs no audience, audience-missing",
    "takes any audience, audience-unknown",
    "takes any audience, audience-is-resource",
    "takes several audiences, audience-twice",
    "governs everything, resource-ungoverned",
    "governs everything, resource-relative",
    "ignores fragments, resource-fragment",
    "has no policy, policy-forbids",
    "401 for policy, policy-forbids",
    "grants any scope, scope-nothing-left",
    "grants any scope, scope-malformed",
    "takes any grant type, grant-type-unknown",
    "takes any subject, subject-missing",
    "takes any subject, subject-type-missing",
    "takes any subject type, subject-type-access-token",
    "takes any subject type, subject-type-jwt",
    "takes any subject, subject-nonsense",
    "checks no signature, subject-unsigned",
    "checks no signature, subject-foreign-key",
    "checks no signature, subject-changed",
    "takes tokens of other clients, subject-of-other-client",
    "redeems its own, id-jag-not-redeemed",
    "ignores secrets, client-wrong-secret",
    "takes anybody, client-nobody",
    "ignores actors, actor-type-alone",
    "ignores actors, actor-token-alone",
    "writes any actor, actor-unproved",
    "takes duplicates, scope-twice",
    "takes duplicates, subject-token-twice",
    "takes duplicates, requested-token-type-twice",
    "minds what it does not know, parameter-unknown",
    "minds empty parameters, parameter-empty",
    "takes GET, method-get",
    "repeats tokens, error-without-token",
    "binds nothing, dpop-binds",
    "ignores htm, dpop-bad-htm",
    "ignores htu, dpop-bad-htu",
    "takes old proofs, dpop-bad-iat-old",
    "ignores proofs, dpop-bad-signature",
    "ignores proofs, dpop-bad-nonsense",
    "takes proofs twice, dpop-replayed",
  })
  void each_flaw_is_found(String flaw, String check) throws Exception {
    assertThat(run(Set.of(flaw), IdentityProvider.suite().only(Set.of(check))).findings())
        .filteredOn(finding -> finding.name().equals(check))
        .singleElement()
        .matches(finding -> finding.outcome() instanceof Outcome.Failed, "failed");
    assertThat(run(Set.of(), IdentityProvider.suite().only(Set.of(check))).findings())
        .hasSize(2)
        .allMatch(finding -> finding.outcome() instanceof Outcome.Passed);
  }

  @Test
  @DisplayName("a check that was never seen to fail may be one that cannot")
  void each_check_has_a_flaw() throws Exception {
    // In order: every other check rests on it; three tests below; and the settings have no refresh
    // token.
    var others =
        Set.of(
            "issues", "audience-slash", "subject-id-jag", "client-public", "subject-refresh-token");
    assertThat(run(Set.of(), IdentityProvider.suite()).findings())
        .extracting(Report.Finding::name)
        .filteredOn(name -> !others.contains(name))
        .allSatisfy(name -> assertThat(Flaws.found(IssuerSuiteTest.class)).contains(name));
  }

  @Test
  @DisplayName("a slash that is added to the audience: refused, or mended, but never written")
  void a_slash() throws Exception {
    var check = IdentityProvider.suite().only(Set.of("audience-slash"));
    assertThat(run(Set.of(), check).conforms()).isTrue();
    assertThat(run(Set.of("ignores slashes"), check).conforms()).isTrue();
    assertThat(run(Set.of("ignores slashes", "audience as asked"), check).conforms()).isFalse();
  }

  @Test
  @DisplayName(
      "an ID-JAG passed for an ID token, by a server that looks at neither type nor client")
  void an_id_jag_as_subject() throws Exception {
    var check = IdentityProvider.suite().only(Set.of("subject-id-jag"));
    var blind = Set.of("takes any type of token", "takes tokens of other clients");
    assertThat(run(blind, check).conforms()).isFalse();
    assertThat(run(Set.of(), check).conforms()).isTrue();
  }

  @Test
  @DisplayName("a public client with another one's ID token, at a server that looks at neither")
  void a_public_client() throws Exception {
    var check = IdentityProvider.suite().only(Set.of("client-public"));
    var blind = Set.of("takes anybody", "takes tokens of other clients");
    assertThat(run(blind, check).findings())
        .filteredOn(finding -> finding.name().equals("client-public"))
        .singleElement()
        .matches(finding -> finding.outcome() instanceof Outcome.Failed, "failed");
    assertThat(run(Set.of(), check).conforms()).isTrue();
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
    var token = run(Set.of("token_endpoint=" + url), IdentityProvider.suite());
    var keys = run(Set.of("jwks_uri=" + url), IdentityProvider.suite().only(Set.of("keys-public")));

    assertThat(token.conforms()).isFalse();
    assertThat(token.findings())
        .anyMatch(finding -> finding.detail().contains("an odd token_endpoint"));
    assertThat(keys.findings().getFirst().detail()).contains("an odd jwks_uri");
  }

  @Test
  @DisplayName("An interrupt ends the run: it is no verdict on the server")
  void interrupted() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> run(Set.of(), IdentityProvider.suite()))
        .isInstanceOf(InterruptedException.class);
  }
}
