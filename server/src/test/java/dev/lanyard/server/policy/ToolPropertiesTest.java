package dev.lanyard.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.ToolDecision.Allowed;
import dev.lanyard.server.policy.ToolDecision.Refused;
import java.util.HashSet;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RS-21: what holds for every tool of every library; deny by default")
class ToolPropertiesTest {
  private static void forAll(BiConsumer<Library, ToolRequest> property) {
    for (long seed = 0; seed < 600; seed++) {
      var random = new RandomLibraries(seed);
      var library = random.library();
      for (int i = 0; i < 25; i++) {
        property.accept(library, random.toolRequest());
      }
    }
  }

  private static ToolDecision decide(Library library, ToolRequest request) {
    return PolicyLibrary.compile(library).decideTool(request);
  }

  @Test
  void the_cases_occur() {
    var cases = new HashSet<Object>();
    forAll((library, request) -> {
      var decision = decide(library, request);
      cases.add(decision.getClass());
      if (decision instanceof Refused refused) {
        cases.add(refused.reason().getClass());
      }
    });
    assertThat(cases)
        .contains((Object[]) ToolRefusal.class.getPermittedSubclasses())
        .contains((Object[]) ToolDecision.class.getPermittedSubclasses());
  }

  @Test
  void an_allowed_tool_is_graded_and_of_a_connector_that_is_given_with_its_scopes() {
    forAll((library, request) -> {
      if (decide(library, request) instanceof Allowed(var grade, _, _)) {
        var connector =
            library.connectors().stream()
                .filter(one -> one.id().equals(request.connector()))
                .findFirst()
                .orElseThrow();
        var tool = connector.tools().find(request.tool()).orElseThrow();
        assertThat(tool.grade()).contains(grade);
        var allowed = new Oracle(library, asExchange(library, request)).allowed(connector, false);
        assertThat(allowed.orElseThrow().containsAll(tool.scopes())).isTrue();
      }
    });
  }

  @Test
  void one_rule_alone_gives_what_is_allowed() {
    forAll((library, request) -> {
      if (decide(library, request) instanceof Allowed(var grade, var rules, _)) {
        var tool =
            library.connectors().stream()
                .filter(one -> one.id().equals(request.connector()))
                .flatMap(one -> one.tools().find(request.tool()).stream())
                .findFirst()
                .orElseThrow();
        assertThat(rules)
            .anySatisfy(rule -> {
              assertThat(rule.effect()).isEqualTo(Rule.Effect.APPLIED);
              assertThat(rule.scopes().containsAll(tool.scopes())).isTrue();
              assertThat(clearance(library, rule)).isGreaterThanOrEqualTo(grade.rank());
            });
      }
    });
  }

  private static int clearance(Library library, Rule rule) {
    var clearance =
        rule.kind() == Rule.Kind.ROLE
            ? library.roles().stream()
                .filter(role -> role.name().equals(rule.name()))
                .findFirst()
                .orElseThrow()
                .clearance()
            : library.exemptions().stream()
                .filter(one -> one.name().equals(rule.name()))
                .findFirst()
                .orElseThrow()
                .clearance();
    return clearance.orElse(library.dataClasses().lowest()).rank();
  }

  private static AccessRequest asExchange(Library library, ToolRequest request) {
    return new AccessRequest(
        request.member(),
        request.client(),
        library.connectors().getFirst().authorizationServer(),
        List.of(),
        Scopes.NONE,
        request.authentication(),
        request.at());
  }
}
