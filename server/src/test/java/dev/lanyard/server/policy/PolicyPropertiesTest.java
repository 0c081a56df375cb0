package dev.lanyard.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
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
  private static final int LIBRARIES = 600;
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

  private static Scopes allowed(Library library, AccessRequest request, Connector connector) {
    return new Oracle(library, request).allowed(connector, false).orElse(Scopes.NONE);
  }

  private static Connector connector(Library library, ResourceIndicator resource) {
    return library.connectors().stream()
        .filter(connector -> connector.resource().equals(resource))
        .findFirst()
        .orElseThrow();
  }

  private static AccessRequest forOne(AccessRequest request, ResourceIndicator resource) {
    return new AccessRequest(
        request.member(),
        request.client(),
        request.audience(),
        List.of(resource),
        request.scopes(),
        request.authentication(),
        request.at());
  }

  @Test
  void the_cases_occur() {
    var permits = new ArrayList<Permit>();
    var reasons = new HashSet<Object>();
    forAll((library, request) -> {
      switch (decide(library, request)) {
        case Permit permit -> permits.add(permit);
        case Deny deny -> reasons.add(deny.reason().getClass());
        case Decision.StepUp stepUp -> reasons.add(stepUp.getClass());
      }
    });
    assertThat(permits.size()).isGreaterThan(500);
    assertThat(permits.stream().anyMatch(permit -> permit.resources().size() > 1)).isTrue();
    assertThat(permits.stream().anyMatch(Permit::narrowed)).isTrue();
    var possible = new HashSet<Object>(List.of(DenyReason.class.getPermittedSubclasses()));
    // Of authorization details; see DetailPropertiesTest.
    possible.removeAll(List.of(DenyReason.BadDetails.class, DenyReason.NoDetailsLeft.class));
    assertThat(reasons).containsAll(possible).contains(Decision.StepUp.class);
  }

  @Test
  void nothing_is_permitted_that_no_role_gives() {
    forAll((library, request) -> {
      if (decide(library, request) instanceof Permit permit) {
        assertThat(permit.resources()).isNotEmpty();
        for (var resource : permit.resources()) {
          var connector = connector(library, resource);
          assertThat(connector.authorizationServer()).isEqualTo(request.audience());
          assertThat(new Oracle(library, request).allowed(connector, false)).isPresent();
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
  @DisplayName(
      "who has no prospect of a connector is never given it; a deny without one is for good")
  void prospects_are_what_decisions_may_give() {
    forAll((library, request) -> {
      var policy = PolicyLibrary.compile(library);
      var prospects = policy.prospects(request.member(), request.client(), request.at());
      for (var connector : library.connectors()) {
        boolean hoped = prospects.connectors().contains(connector);
        switch (policy.decide(everythingAt(request, connector))) {
          case Permit _, Decision.StepUp _ -> assertThat(hoped).isTrue();
          case Deny deny -> {
            if (deny.rules().stream().allMatch(rule -> rule.conditions().isEmpty())) {
              assertThat(hoped).as(deny.toString()).isFalse();
            }
          }
        }
      }
      assertThat(prospects.outlook() == Prospects.Outlook.GIVEN)
          .isEqualTo(!prospects.connectors().isEmpty());
    });
  }

  private static AccessRequest everythingAt(AccessRequest request, Connector connector) {
    return new AccessRequest(
        request.member(),
        request.client(),
        connector.authorizationServer(),
        List.of(connector.resource()),
        Scopes.NONE,
        request.authentication(),
        request.at());
  }

  /// What the oracle says of one resource.
  private static Optional<Scopes> granted(Oracle oracle, Connector connector, boolean afterStepUp) {
    var asked = oracle.request().scopes();
    return oracle
        .allowed(connector, afterStepUp)
        .filter(_ -> !connector.scopes().isEmpty() || asked.isEmpty())
        .map(allowed -> asked.isEmpty() ? allowed : allowed.intersect(asked))
        .filter(granted -> connector.scopes().isEmpty() || !granted.isEmpty());
  }

  @Test
  void a_request_for_one_resource_gets_all_that_is_asked_and_allowed_or_the_way_to_it() {
    forAll((library, request) -> {
      for (var connector : library.connectors()) {
        if (!connector.authorizationServer().equals(request.audience())) {
          continue;
        }
        var oracle = new Oracle(library, request);
        var now = granted(oracle, connector, false);
        var later = granted(oracle, connector, true);
        boolean gains =
            later.isPresent()
                && (now.isEmpty()
                    || (!request.scopes().isEmpty() && !now.get().containsAll(later.get())));
        var decision = decide(library, forOne(request, connector.resource()));
        if (gains) {
          assertThat(decision).isInstanceOf(Decision.StepUp.class);
        } else if (now.isPresent()) {
          assertThat(decision)
              .isInstanceOfSatisfying(
                  Permit.class,
                  permit ->
                      assertThat(permit.scopes().values())
                          .containsExactlyInAnyOrderElementsOf(now.get().values()));
        } else {
          assertThat(decision).isInstanceOf(Deny.class);
        }
      }
    });
  }

  @Test
  void the_sign_in_that_is_asked_for_is_enough() {
    forAll((library, request) -> {
      if (decide(library, request) instanceof Decision.StepUp(var needed, _, _)) {
        var better =
            new AuthenticationContext(
                needed.maxAge().map(_ -> request.at()).or(() -> request.authentication().time()),
                needed.acrValues().stream().findFirst().or(request.authentication()::contextClass),
                List.of());
        var again =
            new AccessRequest(
                request.member(),
                request.client(),
                request.audience(),
                request.resources(),
                request.scopes(),
                better,
                request.at());
        assertThat(decide(library, again)).isInstanceOf(Permit.class);
      }
    });
  }

  @Test
  void several_resources_together_get_no_more_than_each_of_them_alone() {
    forAll((library, request) -> {
      if (decide(library, request) instanceof Permit permit) {
        for (var resource : permit.resources()) {
          var known = connector(library, resource).scopes();
          switch (decide(library, forOne(request, resource))) {
            case Permit alone ->
                assertThat(alone.scopes().containsAll(permit.scopes().intersect(known))).isTrue();
            // Alone it may be worth a better sign-in for a scope that another resource spoils.
            case Decision.StepUp _ -> assertThat(request.scopes().isEmpty()).isFalse();
            case Deny deny -> throw new AssertionError(deny);
          }
        }
      }
    });
  }

  @Test
  void a_further_role_takes_nothing_away_from_a_resource_where_duties_are_not_separated() {
    forAll((library, request) -> {
      var roles = new ArrayList<>(library.roles());
      roles.add(new RandomLibraries(request.hashCode()).role(99, library.connectors()));
      for (var connector : library.connectors()) {
        var one = forOne(request, connector.resource());
        if (decide(with(library, library.roles()), one) instanceof Permit before) {
          switch (decide(with(library, roles), one)) {
            case Permit after -> assertThat(after.scopes().containsAll(before.scopes())).isTrue();
            case Decision.StepUp _ -> assertThat(before.narrowed()).isTrue();
            case Deny deny -> throw new AssertionError(deny);
          }
        }
      }
    });
  }

  private static Library with(Library library, List<Role> roles) {
    return new Library(
        library.version(),
        library.dataClasses(),
        library.connectors(),
        roles,
        library.clients(),
        library.exemptions(),
        List.of());
  }

  @Test
  void the_order_of_files_and_entries_does_not_matter() {
    forAll((library, request) -> {
      var shuffled =
          new Library(
              library.version(),
              library.dataClasses(),
              shuffled(library.connectors(), request),
              shuffled(library.roles(), request),
              shuffled(library.clients(), request),
              shuffled(library.exemptions(), request),
              shuffled(library.separations(), request));
      assertThat(decide(shuffled, request)).isEqualTo(decide(library, request));
    });
  }

  private static <T> List<T> shuffled(List<T> entries, AccessRequest by) {
    var shuffled = new ArrayList<>(entries);
    Collections.shuffle(shuffled, new Random(by.hashCode()));
    return shuffled;
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
            .allSatisfy(rule -> assertThat(request.member().groups()).containsAll(rule.groups()));
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
        assertThat(request.member().groups()).doesNotContainAnyElementsOf(missing.groups());
      }
    });
  }
}
