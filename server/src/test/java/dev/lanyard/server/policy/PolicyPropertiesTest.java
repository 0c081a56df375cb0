package dev.lanyard.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.policy.Decision.Deny;
import dev.lanyard.server.policy.Decision.Permit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("POL-3: what holds for every library and every request")
class PolicyPropertiesTest {
  private static final int LIBRARIES = 400;
  private static final int REQUESTS = 25;

  private static void forAll(BiConsumer<Library, AccessRequest> property) {
    for (long seed = 0; seed < LIBRARIES; seed++) {
      var random = new RandomLibraries(seed);
      var library = random.library();
      for (int i = 0; i < REQUESTS; i++) {
        property.accept(library, random.request());
      }
    }
  }

  private static Decision decide(Library library, AccessRequest request) {
    return PolicyLibrary.compile(library).decide(request);
  }

  /// The same question, answered by reading the library from beginning to end.
  private static Scopes allowed(Library library, AccessRequest request, Connector connector) {
    return library.roles().stream()
        .filter(role -> applies(role, request, connector))
        .map(role -> role.connectors().get(connector.id()))
        .reduce(Scopes.NONE, Scopes::union);
  }

  private static boolean applies(Role role, AccessRequest request, Connector connector) {
    return role.connectors().containsKey(connector.id())
        && role.worksThrough(request.client())
        && role.groups().stream().anyMatch(request.groups()::contains);
  }

  private static Connector connector(Library library, ResourceIndicator resource) {
    return library.connectors().stream()
        .filter(connector -> connector.resource().equals(resource))
        .findFirst()
        .orElseThrow();
  }

  private static AccessRequest forOne(AccessRequest request, ResourceIndicator resource) {
    return new AccessRequest(
        request.groups(),
        request.client(),
        request.audience(),
        List.of(resource),
        request.scopes());
  }

  @Test
  void the_cases_occur() {
    var permits = new ArrayList<Permit>();
    var reasons = new HashSet<Object>();
    forAll((library, request) -> {
      switch (decide(library, request)) {
        case Permit permit -> permits.add(permit);
        case Deny deny -> reasons.add(deny.reason().getClass());
      }
    });
    assertThat(permits.size()).isGreaterThan(500);
    assertThat(permits.stream().anyMatch(permit -> permit.resources().size() > 1)).isTrue();
    assertThat(permits.stream().anyMatch(Permit::narrowed)).isTrue();
    assertThat(reasons).contains((Object[]) DenyReason.class.getPermittedSubclasses());
  }

  @Test
  void nothing_is_permitted_that_no_role_gives() {
    forAll((library, request) -> {
      if (decide(library, request) instanceof Permit permit) {
        assertThat(permit.resources()).isNotEmpty();
        for (var resource : permit.resources()) {
          var connector = connector(library, resource);
          assertThat(connector.authorizationServer()).isEqualTo(request.audience());
          assertThat(library.roles()).anyMatch(role -> applies(role, request, connector));
          var granted = permit.scopes().intersect(connector.scopes());
          assertThat(allowed(library, request, connector).containsAll(granted)).isTrue();
        }
      }
    });
  }

  @Test
  void what_is_granted_was_asked_for_and_is_allowed() {
    forAll((library, request) -> {
      if (decide(library, request) instanceof Permit permit) {
        if (!request.resources().isEmpty()) {
          assertThat(request.resources()).containsAll(permit.resources());
        }
        if (!request.scopes().isEmpty()) {
          assertThat(request.scopes().containsAll(permit.scopes())).isTrue();
        }
        var everywhere =
            permit.resources().stream()
                .map(resource -> allowed(library, request, connector(library, resource)))
                .reduce(Scopes.NONE, Scopes::union);
        assertThat(everywhere.containsAll(permit.scopes())).isTrue();
      }
    });
  }

  @Test
  void a_request_for_one_resource_gets_all_that_is_asked_and_allowed() {
    forAll((library, request) -> {
      for (var connector : library.connectors()) {
        if (!connector.authorizationServer().equals(request.audience())) {
          continue;
        }
        var allowed = allowed(library, request, connector);
        var expected = request.scopes().isEmpty() ? allowed : allowed.intersect(request.scopes());
        var given = library.roles().stream().anyMatch(role -> applies(role, request, connector));
        var decision = decide(library, forOne(request, connector.resource()));
        if (given
            && (!expected.isEmpty()
                || (connector.scopes().isEmpty() && request.scopes().isEmpty()))) {
          assertThat(decision)
              .isInstanceOfSatisfying(
                  Permit.class,
                  permit ->
                      assertThat(permit.scopes().values())
                          .containsExactlyInAnyOrderElementsOf(expected.values()));
        } else {
          assertThat(decision).isInstanceOf(Deny.class);
        }
      }
    });
  }

  @Test
  void several_resources_together_get_no_more_than_each_of_them_alone() {
    forAll((library, request) -> {
      if (decide(library, request) instanceof Permit permit) {
        for (var resource : permit.resources()) {
          var known = connector(library, resource).scopes();
          assertThat(decide(library, forOne(request, resource)))
              .isInstanceOfSatisfying(
                  Permit.class,
                  alone ->
                      assertThat(alone.scopes().containsAll(permit.scopes().intersect(known)))
                          .isTrue());
        }
      }
    });
  }

  @Test
  void a_further_role_takes_nothing_away_from_a_resource() {
    forAll((library, request) -> {
      var roles = new ArrayList<>(library.roles());
      roles.add(new RandomLibraries(request.hashCode()).role(99, library.connectors()));
      var more = new Library("more", library.connectors(), roles);
      for (var connector : library.connectors()) {
        var one = forOne(request, connector.resource());
        if (decide(library, one) instanceof Permit before) {
          assertThat(decide(more, one))
              .isInstanceOfSatisfying(
                  Permit.class,
                  after -> assertThat(after.scopes().containsAll(before.scopes())).isTrue());
        }
      }
    });
  }

  @Test
  void the_order_of_files_and_entries_does_not_matter() {
    forAll((library, request) -> {
      var connectors = new ArrayList<>(library.connectors());
      var roles = new ArrayList<>(library.roles());
      Collections.shuffle(connectors, new Random(request.hashCode()));
      Collections.shuffle(roles, new Random(request.hashCode()));
      assertThat(decide(new Library(library.version(), connectors, roles), request))
          .isEqualTo(decide(library, request));
    });
  }

  @Test
  void the_explanation_is_the_decision() {
    forAll((library, request) -> {
      var policy = PolicyLibrary.compile(library);
      assertThat(policy.explain(request).decision()).isEqualTo(policy.decide(request));
    });
  }

  @Test
  void the_rules_alone_account_for_what_is_granted() {
    forAll((library, request) -> {
      if (decide(library, request) instanceof Permit permit) {
        var byRules =
            permit.rules().stream()
                .filter(rule -> rule.effect() == Rule.Effect.APPLIED)
                .filter(rule -> permit.connectors().contains(rule.connector()))
                .map(Rule::scopes)
                .reduce(Scopes.NONE, Scopes::union);
        assertThat(byRules.containsAll(permit.scopes())).isTrue();
        assertThat(permit.rules())
            .allSatisfy(rule -> assertThat(request.groups()).containsAll(rule.groups()));
      }
    });
  }

  @Test
  void a_role_that_would_help_helps() {
    forAll((library, request) -> {
      for (var missing : PolicyLibrary.compile(library).explain(request).wouldGive()) {
        var role =
            library.roles().stream().filter(r -> r.name().equals(missing.role())).findFirst();
        assertThat(role.map(r -> r.connectors().containsKey(missing.connector())))
            .isEqualTo(Optional.of(true));
        assertThat(request.groups()).doesNotContainAnyElementsOf(missing.groups());
      }
    });
  }
}
