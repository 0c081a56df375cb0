package dev.lanyard.benchmarks.micro;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Given;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.library.Tools;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.PolicyLibrary;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Decisions in a large enterprise: 500 roles that give 20 of 200 connectors each, 100,000 people
/// in eight groups each. Compiling the library is there too, since it happens while serving.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PolicyDecisions {
  private static final int ROLES = 500;
  private static final int CONNECTORS = 200;
  private static final int PEOPLE = 100_000;
  private static final int CONNECTORS_OF_A_ROLE = 20;
  private static final int GROUPS_OF_A_PERSON = 8;
  private static final Issuer SERVER = new Issuer("https://ras.example.com");
  private static final ClientId CLIENT = new ClientId("claude-code");
  private static final Scopes SCOPES = Scopes.of("read", "write");

  // Always the same enterprise: figures of two runs are about the same decisions.
  private final Random random = new Random(20_261_123);
  private final Library library = new Library("bench", connectors(), roles());
  private final PolicyLibrary policy = PolicyLibrary.compile(library);
  private final List<AccessRequest> requests =
      IntStream.range(0, PEOPLE).mapToObj(_ -> request()).toList();
  private int next;

  private static List<Connector> connectors() {
    return IntStream.range(0, CONNECTORS)
        .mapToObj(i ->
            new Connector(
                "connector-" + i, "Connector " + i, "any", SERVER, resource(i), SCOPES, Tools.NONE))
        .toList();
  }

  private static ResourceIndicator resource(int connector) {
    return new ResourceIndicator("https://mcp" + connector + ".example.com/mcp");
  }

  private List<Role> roles() {
    return IntStream.range(0, ROLES)
        .mapToObj(i ->
            new Role(
                "role-" + i,
                Optional.empty(),
                Set.of("group-" + i),
                Optional.empty(),
                Set.of(),
                List.of(),
                given()))
        .toList();
  }

  private Map<String, Given> given() {
    var given = new HashMap<String, Given>();
    for (int i = 0; i < CONNECTORS_OF_A_ROLE; i++) {
      given.put("connector-" + random.nextInt(CONNECTORS), Given.of("read"));
    }
    return given;
  }

  private AccessRequest request() {
    var groups = new HashSet<String>();
    for (int i = 0; i < GROUPS_OF_A_PERSON; i++) {
      groups.add("group-" + random.nextInt(ROLES));
    }
    var resource = resource(random.nextInt(CONNECTORS));
    return new AccessRequest(
        Member.of(groups),
        CLIENT,
        SERVER,
        List.of(resource),
        Scopes.of("read"),
        AuthenticationContext.UNKNOWN,
        Instant.EPOCH);
  }

  @Benchmark
  public Decision decide() {
    next = (next + 1) % PEOPLE;
    return policy.decide(requests.get(next));
  }

  @Benchmark
  public PolicyLibrary compile() {
    return PolicyLibrary.compile(library);
  }
}
