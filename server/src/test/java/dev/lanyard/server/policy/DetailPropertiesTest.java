package dev.lanyard.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.AuthorizationDetailType;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Given;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.library.ScopeImplications;
import dev.lanyard.server.library.Tools;
import dev.lanyard.server.policy.Decision.Deny;
import dev.lanyard.server.policy.Decision.Permit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("IDP-9, IDP-10: what holds for all roles and all authorization details")
class DetailPropertiesTest {
  private static final Issuer RAS = new Issuer("https://ras.example");
  private static final List<String> RESOURCES = List.of("https://a.example", "https://b.example");
  private static final List<String> VALUES = List.of("w", "x", "y");
  private static final List<String> FIELDS = List.of("actions", "places");

  private final Random random = new Random(20261128);

  private List<String> some() {
    var some = new ArrayList<String>();
    VALUES.stream().filter(_ -> random.nextBoolean()).forEach(some::add);
    return some.isEmpty() ? List.of(VALUES.getFirst()) : some;
  }

  private Connector connector(int number) {
    var type =
        new AuthorizationDetailType("t", Map.of("actions", Set.copyOf(VALUES), "places", Set.of()));
    return new Connector(
        "c" + number,
        "C" + number,
        "other",
        RAS,
        new ResourceIndicator(RESOURCES.get(number)),
        Scopes.of("s"),
        Tools.NONE,
        number == 0 || random.nextBoolean() ? Map.of("t", type) : Map.of(),
        ScopeImplications.NONE);
  }

  private Role role(int number, List<Connector> connectors) {
    var given = new HashMap<String, Given>();
    for (var connector : connectors) {
      var limits = new HashMap<String, Set<String>>();
      FIELDS.stream()
          .filter(_ -> random.nextBoolean())
          .forEach(field -> limits.put(field, Set.copyOf(some())));
      var details =
          connector.details().isEmpty() || random.nextInt(4) == 0
              ? Map.<String, Map<String, Set<String>>>of()
              : Map.of("t", Map.copyOf(limits));
      given.put(connector.id(), new Given(Scopes.of("s"), List.of(), details));
    }
    return new Role(
        "r" + number, Optional.empty(), Set.of("g"), Optional.empty(), Set.of(), List.of(), given);
  }

  private JsonObject detail() {
    var detail = JsonObject.builder().put("type", random.nextInt(10) == 0 ? "u" : "t");
    for (var field : FIELDS) {
      switch (random.nextInt(3)) {
        case 0 -> detail.put(field, some());
        case 1 -> detail.put(field, some().getFirst());
        default -> {}
      }
    }
    if (random.nextInt(3) == 0) {
      detail.put("locations", List.of(RESOURCES.get(random.nextInt(2))));
    }
    return detail.build();
  }

  private AccessRequest request(List<Connector> connectors, List<JsonObject> details) {
    return new AccessRequest(
        new Member("p", Optional.of("p"), Optional.empty(), false, Set.of("g")),
        new ClientId("c"),
        RAS,
        connectors.stream().map(Connector::resource).toList(),
        Scopes.NONE,
        new AuthorizationDetails(details),
        AuthenticationContext.UNKNOWN,
        Instant.EPOCH);
  }

  @Test
  @DisplayName("What is granted was asked for, and one role alone gives all of it")
  void nothing_adds_up() {
    var met = new HashSet<Object>();
    for (int i = 0; i < 5_000; i++) {
      var connectors = new ArrayList<Connector>();
      for (int c = 0; c < 1 + random.nextInt(2); c++) {
        connectors.add(connector(c));
      }
      var roles = List.of(role(0, connectors), role(1, connectors));
      var library = PolicyLibrary.compile(new Library("x", connectors, roles));
      var asked = new LinkedHashSet<JsonObject>(List.of(detail(), detail()));
      var request = request(connectors, List.copyOf(asked));
      switch (library.decide(request)) {
        case Permit permit -> {
          met.add(permit.details().equals(request.details()));
          for (var granted : permit.details().all()) {
            assertThat(asked).anyMatch(one -> AuthorizationDetailType.covers(one, granted));
            assertThat(roles).anyMatch(role -> gives(role, connectors, granted));
          }
          var again = request(connectors, permit.details().all());
          assertThat(library.decide(again))
              .as("what was granted is granted again, or the grant would be taken for lost")
              .isInstanceOfSatisfying(
                  Permit.class,
                  same -> assertThat(same.details().all()).containsAll(permit.details().all()));
        }
        case Deny deny -> met.add(deny.reason().getClass());
        case Decision.StepUp _ -> throw new AssertionError("nobody asks for a better sign-in");
      }
    }
    assertThat(met)
        .containsExactlyInAnyOrder(
            true, false, DenyReason.BadDetails.class, DenyReason.NoDetailsLeft.class);
  }

  private static boolean gives(Role role, List<Connector> connectors, JsonObject granted) {
    return connectors.stream()
        .filter(connector ->
            granted
                .text("locations")
                .map(text -> text.contains(connector.resource().value()))
                .orElse(connectors.size() == 1))
        .map(connector -> role.connectors().get(connector.id()).details().get("t"))
        .anyMatch(limits ->
            limits != null
                && AuthorizationDetailType.limited(granted, limits).equals(Optional.of(granted)));
  }
}
