package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Small random libraries and requests over few names, so that they meet often. The same seed makes
/// the same.
final class RandomLibraries {
  private final RandomGenerator random;

  RandomLibraries(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  Library library() {
    var connectors = new ArrayList<Connector>();
    for (int i = 0; i < 2 + random.nextInt(4); i++) {
      connectors.add(
          new Connector(
              "c" + i,
              "C" + i,
              "other",
              issuer(random.nextInt(2)),
              resource(i),
              Scopes.of(some(4, 0.6, s -> "s" + s))));
    }
    var roles = IntStream.range(0, random.nextInt(6)).mapToObj(i -> role(i, connectors)).toList();
    return new Library("seeded", connectors, roles);
  }

  Role role(int number, List<Connector> connectors) {
    var given = new LinkedHashMap<String, Scopes>();
    for (var connector : connectors) {
      var known = List.copyOf(connector.scopes().values());
      if (random.nextDouble() < 0.5 && !known.isEmpty()) {
        var scopes = some(known.size(), 0.5, known::get);
        given.put(connector.id(), Scopes.of(scopes.isEmpty() ? Set.of(known.getFirst()) : scopes));
      } else if (random.nextDouble() < 0.5 && known.isEmpty()) {
        given.put(connector.id(), Scopes.NONE);
      }
    }
    var groups = some(4, 0.4, g -> "g" + g);
    return new Role(
        "r" + number,
        groups.isEmpty() ? Set.of("g0") : groups,
        random.nextInt(3) == 0 ? some(3, 0.5, c -> new ClientId("client" + c)) : Set.of(),
        given);
  }

  AccessRequest request() {
    var resources =
        IntStream.range(0, random.nextInt(3)).mapToObj(_ -> resource(random.nextInt(5)));
    return new AccessRequest(
        some(4, 0.4, g -> "g" + g),
        new ClientId("client" + random.nextInt(3)),
        issuer(random.nextInt(3)),
        resources.toList(),
        Scopes.of(random.nextBoolean() ? Set.of() : some(5, 0.5, s -> "s" + s)));
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
