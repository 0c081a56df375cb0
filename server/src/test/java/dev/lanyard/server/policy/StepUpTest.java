package dev.lanyard.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Assurance;
import dev.lanyard.server.library.LibraryFiles;
import dev.lanyard.server.policy.Decision.Permit;
import dev.lanyard.server.policy.Decision.StepUp;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RFC 9470 §3: a step-up asks for what the request needs, and for no more")
class StepUpTest {
  private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
  private static final String LINEAR = "https://linear.example/mcp";
  private static final String WIKI = "https://wiki.example/mcp";
  private static final Assurance RECENT =
      new Assurance(Optional.of(Duration.ofMinutes(10)), List.of());
  private static final Assurance STRONG = new Assurance(Optional.empty(), List.of("phr"));

  private PolicyLibrary policy;

  @BeforeEach
  void compile(@TempDir Path folder) {
    var files =
        new LibraryFiles(folder)
            .write(
                "roles.yaml",
                """
                roles:
                  engineering:
                    groups: [engineering]
                    connectors: {linear: [issues.read]}
                  triage:
                    groups: [engineering]
                    connectors:
                      linear:
                        scopes: [issues.write]
                        conditions:
                          recent-sign-in:
                            when: now - auth.auth_time <= duration('10m')
                            step_up: {max_age: 10m}
                  writers:
                    groups: [engineering]
                    connectors:
                      wiki:
                        scopes: [pages.read]
                        conditions:
                          strong-sign-in:
                            when: auth.acr == 'phr'
                            step_up: {acr_values: [phr]}
                """);
    policy = PolicyLibrary.compile(files.read());
  }

  /// Asks for this an hour after a password was typed.
  private Decision decide(String scopes, String... resources) {
    var hourAgo =
        new AuthenticationContext(
            Optional.of(NOW.minus(Duration.ofHours(1))), Optional.of("pwd"), List.of("pwd"));
    return policy.decide(
        new AccessRequest(
            Member.of(Set.of("engineering")),
            new ClientId("claude-code"),
            new Issuer("https://ras.example"),
            Stream.of(resources).map(ResourceIndicator::new).toList(),
            scopes.isEmpty() ? Scopes.NONE : Scopes.of(scopes.split(" ")),
            hourAgo,
            NOW));
  }

  private void asksFor(Assurance needed, String scopes, String... resources) {
    assertThat(decide(scopes, resources))
        .isInstanceOfSatisfying(
            StepUp.class, stepUp -> assertThat(stepUp.needed()).isEqualTo(needed));
  }

  @Test
  void a_scope_of_one_connector() {
    asksFor(RECENT, "issues.write", LINEAR);
    asksFor(RECENT, "issues.read issues.write", LINEAR);
  }

  @Test
  void a_connector_that_gives_nothing_before() {
    asksFor(STRONG, "", WIKI);
    asksFor(STRONG, "pages.read", WIKI);
  }

  @Test
  @DisplayName("of two connectors, one of which already gives all that was asked for")
  void one_of_two_connectors() {
    asksFor(STRONG, "issues.read pages.read", LINEAR, WIKI);
  }

  @Test
  @DisplayName("of two connectors that both need one, the sign-in that is good for both")
  void both_of_two_connectors() {
    asksFor(
        new Assurance(RECENT.maxAge(), STRONG.acrValues()),
        "issues.write pages.read",
        LINEAR,
        WIKI);
  }

  @Test
  @DisplayName("nothing, where a better sign-in brings only what was not asked for")
  void not_asked_for() {
    assertThat(decide("", LINEAR))
        .isInstanceOfSatisfying(
            Permit.class,
            permit -> assertThat(permit.scopes()).isEqualTo(Scopes.of("issues.read")));
    assertThat(decide("issues.read", LINEAR)).isInstanceOf(Permit.class);
  }
}
