package dev.lanyard.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.LibrarySource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("POL-2, AUD-3: what an administrator is told of a decision")
class ToldTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final AuthenticationContext STRONG =
      new AuthenticationContext(Optional.of(NOW), Optional.of("phr"), List.of("hwk"));
  private static final String LIBRARY =
      """
      connectors:
        ledger:
          name: Ledger
          authorization_server: https://bank.example/as
          resource: https://ledger.example/mcp
          scopes: [read, enter, release]
          tools:
            list: internal
            enter: {grade: restricted, scopes: [enter]}
            release: {grade: internal, scopes: [release]}
            new:
        idle: {name: Idle, authorization_server: https://bank.example/as, resource: https://idle.example/mcp, scopes: []}
      clients:
        desk: {}
        phone: {roles: [reader]}
      roles:
        reader: {owner: A, groups: [all], clearance: internal, connectors: {ledger: [read]}}
        clerk:
          owner: A
          groups: [clerks]
          clearance: restricted
          connectors:
            ledger:
              scopes: [enter]
              conditions:
                strong: {when: auth.acr == 'phr', step_up: {max_age: 5m, acr_values: [phr]}}
                sane: {when: "groups[0] != ''"}
        head: {owner: A, groups: [heads], clearance: restricted, connectors: {ledger: [release]}}
        odd:
          owner: A
          groups: [odd]
          conditions: {broken: {when: "groups[9] == ''"}, other: {when: client == 'nobody'}}
          connectors: {ledger: [read]}
        own:
          owner: A
          groups: [own]
          conditions: {ours: {when: "!person.email.endsWith('@partner.example')"}}
          connectors: {ledger: [read]}
      exceptions:
        audit: {owner: A, reason: R, people: [Paula], until: 2026-11-22, connectors: {ledger: [read]}}
      separation_of_duty:
        payments: {owner: A, reason: R, never_together: {ledger: [enter, release]}}
      """;

  private final PolicyLibrary policy =
      PolicyLibrary.compile(
          new LibrarySource(Path.of("l"), new TreeMap<>(Map.of("a.yaml", LIBRARY))).read());

  private Decision decide(
      Set<String> groups, String client, String scopes, AuthenticationContext authentication) {
    return policy.decide(
        new AccessRequest(
            new Member("id", Optional.of("paula"), Optional.empty(), false, groups),
            new ClientId(client),
            new Issuer("https://bank.example/as"),
            List.of(new ResourceIndicator("https://ledger.example/mcp")),
            scopes.isEmpty() ? Scopes.NONE : Scopes.of(scopes.split(" ")),
            authentication,
            NOW));
  }

  private ToolDecision tool(Set<String> groups, String tool, AuthenticationContext context) {
    return policy.decideTool(
        new ToolRequest(Member.of(groups), new ClientId("desk"), "ledger", tool, context, NOW));
  }

  private static String evidence(Decision decision) {
    return decision.evidence().toJson();
  }

  @Test
  void a_step_up_names_the_sign_in_and_the_condition() {
    assertThat(evidence(decide(Set.of("clerks"), "desk", "", AuthenticationContext.UNKNOWN)))
        .contains("\"decision\":\"step-up\"", "\"max_age\":300", "\"acr_values\":[\"phr\"]")
        .contains("\"effect\":\"needs-step-up\",\"conditions\":[\"strong\"]");
    assertThat(evidence(decide(Set.of("clerks"), "desk", "", STRONG)))
        .contains("\"decision\":\"allow\"", "\"granted_scope\":\"enter\"");
  }

  @Test
  void a_step_up_is_for_what_was_asked_for_by_name_only() {
    var both = Set.of("clerks", "all");
    assertThat(decide(both, "desk", "", AuthenticationContext.UNKNOWN))
        .isInstanceOf(Decision.Permit.class);
    assertThat(decide(both, "desk", "read", AuthenticationContext.UNKNOWN))
        .isInstanceOf(Decision.Permit.class);
    assertThat(decide(both, "desk", "read enter", AuthenticationContext.UNKNOWN))
        .isInstanceOf(Decision.StepUp.class);
  }

  @Test
  void a_condition_that_fails_is_told_apart_from_one_that_is_false() {
    assertThat(evidence(decide(Set.of("odd"), "desk", "", STRONG)))
        .contains("\"reason\":\"condition-not-met\"")
        .contains("have conditions that are not met: [broken]")
        .contains("\"effect\":\"condition-failed\",\"conditions\":[\"broken\"]");
  }

  @Test
  @DisplayName("SEC-9: conditions see an address only if somebody who may speak for it verified it")
  void an_unverified_address_fails() {
    var own = "ana@acme.example";
    assertThat(ofOwn(Optional.of(own), true)).isInstanceOf(Decision.Permit.class);
    assertThat(ofOwn(Optional.empty(), false)).isInstanceOf(Decision.Permit.class);
    assertThat(ofOwn(Optional.of("bo@partner.example"), true)).isInstanceOf(Decision.Deny.class);
    for (var claimed : List.of(own, "bo@partner.example", "")) {
      assertThat(evidence(ofOwn(Optional.of(claimed), false)))
          .as(claimed)
          .contains("\"effect\":\"condition-failed\",\"conditions\":[\"ours\"]");
    }
  }

  private Decision ofOwn(Optional<String> email, boolean verified) {
    return policy.decide(
        new AccessRequest(
            new Member("id", Optional.of("ana"), email, verified, Set.of("own")),
            new ClientId("desk"),
            new Issuer("https://bank.example/as"),
            List.of(new ResourceIndicator("https://ledger.example/mcp")),
            Scopes.NONE,
            STRONG,
            NOW));
  }

  @Test
  void an_ended_exception_is_told() {
    assertThat(evidence(decide(Set.of(), "desk", "", STRONG)))
        .contains("\"reason\":\"exception-ended\"")
        .contains("only exceptions that have ended gave [ledger]: [audit]")
        .contains("\"exception\":\"audit\",\"connector\"")
        .contains("\"effect\":\"ended\"");
  }

  @Test
  void a_separation_is_told_and_takes_both_parts() {
    assertThat(evidence(decide(Set.of("clerks", "heads"), "desk", "", STRONG)))
        .contains("\"reason\":\"separation-of-duty\"")
        .contains("forbids at [ledger]: [payments]")
        .contains("\"separation\":\"payments\"", "\"effect\":\"withheld\"");
    assertThat(evidence(decide(Set.of("clerks", "heads", "all"), "desk", "", STRONG)))
        .contains("\"granted_scope\":\"read\"");
    assertThat(evidence(decide(Set.of("heads"), "desk", "", STRONG)))
        .contains("\"granted_scope\":\"release\"");
  }

  @Test
  void a_client_serves_its_roles_only_and_an_unlisted_client_none() {
    assertThat(decide(Set.of("all"), "phone", "", STRONG)).isInstanceOf(Decision.Permit.class);
    for (var refused :
        List.of(
            decide(Set.of("heads"), "phone", "", STRONG),
            decide(Set.of("all"), "stranger", "", STRONG))) {
      assertThat(evidence(refused))
          .contains("\"reason\":\"client-not-allowed\"", "\"effect\":\"other-clients-only\"");
    }
  }

  @Nested
  @DisplayName("RS-21: tools")
  class OfTools {
    private String told(Set<String> groups, String tool) {
      return tool(groups, tool, STRONG).evidence().toJson();
    }

    @Test
    void allowed_with_the_grade_and_the_rule() {
      assertThat(told(Set.of("all"), "list"))
          .contains("\"decision\":\"allow\"", "\"grade\":\"internal\"", "\"role\":\"reader\"");
      assertThat(told(Set.of("clerks"), "enter")).contains("\"decision\":\"allow\"");
    }

    @Test
    void refused_with_the_reason() {
      assertThat(told(Set.of("all"), "new"))
          .contains("ungraded-tool", "the tool 'new' has no grade");
      assertThat(told(Set.of("all"), "gone"))
          .contains("unknown-tool", "the library does not name the tool 'gone'");
      assertThat(told(Set.of("all"), "enter"))
          .contains(
              "above-clearance",
              "the tool is graded restricted, the person is cleared for internal here");
      assertThat(told(Set.of("all"), "release"))
          .contains(
              "scope-missing", "no role that is cleared for the tool gives all of its scopes");
      assertThat(told(Set.of("nobody"), "list")).contains("no-role", "no role of the person gives");
      assertThat(told(Set.of("clerks", "heads"), "enter")).contains("separation-of-duty");
    }

    @Test
    void of_an_unknown_connector_refused() {
      var decision =
          policy.decideTool(
              new ToolRequest(
                  Member.of(Set.of("all")), new ClientId("desk"), "other", "list", STRONG, NOW));
      assertThat(decision.evidence().toJson())
          .contains("unknown-connector", "the library has no connector 'other'");
      assertThat(decision.policyVersion()).isEqualTo(policy.version());
    }

    @Test
    void after_a_better_sign_in() {
      assertThat(tool(Set.of("clerks"), "enter", AuthenticationContext.UNKNOWN).evidence().toJson())
          .contains("\"decision\":\"step-up\"", "\"max_age\":300", "\"acr_values\":[\"phr\"]");
    }
  }

  @Nested
  @DisplayName("Day one: what a new hire inherits")
  class Inheriting {
    private List<Inherited> of(String... groups) {
      return Inheritance.of(policy, Set.of(groups), NOW);
    }

    @Test
    void names_connector_clients_and_tools() {
      assertThat(of("all"))
          .singleElement()
          .satisfies(one -> {
            assertThat(one.connector().id()).isEqualTo("ledger");
            assertThat(one.decision()).isInstanceOf(Decision.Permit.class);
            assertThat(one.through()).extracting(ClientId::value).containsExactly("desk", "phone");
            assertThat(one.tools().keySet()).containsExactly("enter", "list", "new", "release");
            assertThat(one.tools().get("list")).isInstanceOf(ToolDecision.Allowed.class);
            assertThat(one.tools().get("new")).isInstanceOf(ToolDecision.Refused.class);
          });
    }

    @Test
    void prefers_the_clients_that_give_most() {
      assertThat(of("heads").getFirst().through())
          .extracting(ClientId::value)
          .containsExactly("desk");
      assertThat(of("clerks").getFirst().decision()).isInstanceOf(Decision.StepUp.class);
      assertThat(of("odd").getFirst().decision()).isInstanceOf(Decision.Deny.class);
      assertThat(of("nobody")).isEmpty();
    }

    @Test
    void any_client_will_do_where_the_library_names_none() {
      var open =
          PolicyLibrary.compile(
              new LibrarySource(
                      Path.of("l"),
                      new TreeMap<>(
                          Map.of(
                              "a.yaml",
                              LIBRARY.replace(
                                  "clients:\n  desk: {}\n  phone: {roles: [reader]}\n", ""))))
                  .read());
      assertThat(Inheritance.of(open, Set.of("all"), NOW).getFirst().through()).isEmpty();
    }
  }
}
