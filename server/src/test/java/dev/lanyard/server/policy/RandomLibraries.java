package dev.lanyard.server.policy;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.ApprovedClient;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.library.DataClasses;
import dev.lanyard.server.library.Exemption;
import dev.lanyard.server.library.Given;
import dev.lanyard.server.library.Justification;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Requirement;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.library.Separation;
import dev.lanyard.server.library.Tool;
import dev.lanyard.server.library.Tools;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Small random libraries and requests over few names, so that they meet often. The same seed makes
/// the same.
public final class RandomLibraries {
  public static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final RandomGenerator random;

  public RandomLibraries(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  public Library library() {
    var connectors = new ArrayList<Connector>();
    for (int i = 0; i < 2 + random.nextInt(4); i++) {
      var scopes = some(4, 0.6, s -> "s" + s);
      connectors.add(
          new Connector(
              "c" + i,
              "C" + i,
              "other",
              issuer(random.nextInt(2)),
              resource(i),
              Scopes.of(scopes),
              tools(List.copyOf(scopes))));
    }
    var roles = IntStream.range(0, random.nextInt(6)).mapToObj(i -> role(i, connectors)).toList();
    return new Library(
        "seeded",
        DataClasses.DEFAULT,
        connectors,
        roles,
        random.nextInt(4) == 0 ? clients(roles) : List.of(),
        IntStream.range(0, random.nextInt(3)).mapToObj(i -> exemption(i, connectors)).toList(),
        random.nextInt(3) == 0 ? separations(connectors) : List.of());
  }

  private List<ApprovedClient> clients(List<Role> roles) {
    return some(3, 0.7, i -> i).stream()
        .map(i ->
            new ApprovedClient(
                new ClientId("client" + i),
                "Client " + i,
                random.nextBoolean() || roles.isEmpty()
                    ? Set.of()
                    : some(roles.size(), 0.5, r -> roles.get(r).name())))
        .toList();
  }

  private Exemption exemption(int number, List<Connector> connectors) {
    boolean named = random.nextBoolean();
    return new Exemption(
        "x" + number,
        new Justification("owner", "reason"),
        named ? Set.of("P" + random.nextInt(3)) : Set.of(),
        named ? Set.of() : Set.of("g" + random.nextInt(4)),
        NOW.plusMillis(random.nextInt(3) - 1),
        clearance(),
        given(connectors));
  }

  private List<Separation> separations(List<Connector> connectors) {
    var parts = new LinkedHashMap<String, Scopes>();
    for (var connector : connectors) {
      var known = List.copyOf(connector.scopes().values());
      if (!known.isEmpty() && random.nextDouble() < 0.6) {
        parts.put(connector.id(), Scopes.of(known.get(random.nextInt(known.size()))));
      }
    }
    return parts.isEmpty()
        ? List.of()
        : List.of(new Separation("sod", new Justification("owner", "reason"), parts));
  }

  private Optional<DataClass> clearance() {
    int rank = random.nextInt(5);
    return rank == 4 ? Optional.empty() : Optional.of(DataClasses.DEFAULT.inOrder().get(rank));
  }

  private List<Requirement> conditions() {
    return random.nextInt(3) > 0
        ? List.of()
        : List.copyOf(some(Trials.all().size(), 0.4, Trials.all()::get));
  }

  private Tools tools(List<String> scopes) {
    var tools = new LinkedHashMap<String, Tool>();
    for (var name : some(4, 0.7, t -> "t" + t)) {
      tools.put(
          name, new Tool(name, clearance(), Scopes.of(some(scopes.size(), 0.3, scopes::get))));
    }
    return new Tools(tools, Optional.empty());
  }

  private Map<String, Given> given(List<Connector> connectors) {
    var given = new LinkedHashMap<String, Given>();
    for (var connector : connectors) {
      var known = List.copyOf(connector.scopes().values());
      if (random.nextDouble() < 0.5 && !known.isEmpty()) {
        var scopes = some(known.size(), 0.5, known::get);
        given.put(
            connector.id(),
            new Given(
                Scopes.of(scopes.isEmpty() ? Set.of(known.getFirst()) : scopes), conditions()));
      } else if (random.nextDouble() < 0.5 && known.isEmpty()) {
        given.put(connector.id(), new Given(Scopes.NONE, conditions()));
      }
    }
    return given;
  }

  Role role(int number, List<Connector> connectors) {
    var given = given(connectors);
    var groups = some(4, 0.4, g -> "g" + g);
    return new Role(
        "r" + number,
        Optional.empty(),
        groups.isEmpty() ? Set.of("g0") : groups,
        clearance(),
        random.nextInt(3) == 0 ? some(3, 0.5, c -> new ClientId("client" + c)) : Set.of(),
        conditions(),
        given);
  }

  AccessRequest request() {
    var resources =
        IntStream.range(0, random.nextInt(3)).mapToObj(_ -> resource(random.nextInt(5)));
    return new AccessRequest(
        member(),
        new ClientId("client" + random.nextInt(3)),
        issuer(random.nextInt(3)),
        resources.toList(),
        Scopes.of(random.nextBoolean() ? Set.of() : some(5, 0.5, s -> "s" + s)),
        authentication(),
        NOW);
  }

  ToolRequest toolRequest() {
    return new ToolRequest(
        member(),
        new ClientId("client" + random.nextInt(3)),
        "c" + random.nextInt(6),
        "t" + random.nextInt(5),
        authentication(),
        NOW);
  }

  private Member member() {
    var name = Optional.of("p" + random.nextInt(4));
    var own = new Member("id", name, Optional.empty(), false, some(4, 0.4, g -> "g" + g));
    return random.nextInt(4) > 0
        ? own
        : own.foreign(some(4, 0.6, g -> "g" + g), some(6, 0.6, c -> "c" + c));
  }

  private AuthenticationContext authentication() {
    return new AuthenticationContext(
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(NOW.minusSeconds(599 + random.nextInt(3))),
        random.nextBoolean() ? Optional.empty() : Optional.of("strong"),
        List.of());
  }

  private static Issuer issuer(int number) {
    return new Issuer("https://as" + number + ".example");
  }

  private static ResourceIndicator resource(int number) {
    return new ResourceIndicator("https://c" + number + ".example/mcp");
  }

  private <T> Set<T> some(int of, double share, IntFunction<T> name) {
    return IntStream.range(0, of)
        .filter(_ -> random.nextDouble() < share)
        .mapToObj(name)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
