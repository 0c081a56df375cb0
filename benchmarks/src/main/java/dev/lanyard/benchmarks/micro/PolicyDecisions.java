package dev.lanyard.benchmarks.micro;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.PolicyLibrary;
import dev.lanyard.server.policy.ToolDecision;
import dev.lanyard.server.policy.ToolRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Decisions in a large enterprise: 500 roles that give 20 of 200 connectors each, ten graded tools
/// a connector, 100,000 people in eight groups each. Everybody asks once before anybody asks twice,
/// so that nothing of a person is in a cache. Reading the files and compiling them is there too,
/// since it happens while serving.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
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
  private static final int TOOLS = 10;
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final AuthenticationContext SIGN_IN =
      new AuthenticationContext(
          Optional.of(NOW.minusSeconds(60)), Optional.of("phr"), List.of("hwk"));
  private static final Issuer SERVER = new Issuer("https://ras.example.com");
  private static final ClientId CLIENT = new ClientId("claude-code");
  private static final Scopes READ = Scopes.of("read");

  /// How many of a hundred roles have a condition.
  @Param({"0", "100"})
  int conditions;

  // Always the same enterprise: figures of two runs are about the same decisions.
  private final Random random = new Random(20_261_123);
  private LibrarySource files = new LibrarySource(Path.of("none"), new TreeMap<>());
  private Library library = Library.EMPTY;
  private PolicyLibrary policy = PolicyLibrary.compile(library);
  private List<AccessRequest> requests = List.of();
  private List<ToolRequest> toolRequests = List.of();
  private int next;

  /// Everything that is not measured.
  @Setup
  public void enterprise() {
    var text = new StringBuilder("connectors:\n");
    IntStream.range(0, CONNECTORS).forEach(i -> text.append(connector(i)));
    text.append("roles:\n");
    IntStream.range(0, ROLES).forEach(i -> text.append(role(i)));
    files = new LibrarySource(Path.of("library"), new TreeMap<>(Map.of("a.yaml", text.toString())));
    library = files.read();
    policy = PolicyLibrary.compile(library);
    var people = IntStream.range(0, PEOPLE).mapToObj(this::person).toList();
    requests = people.stream().map(this::request).toList();
    toolRequests = people.stream().map(this::toolRequest).toList();
  }

  private static String connector(int number) {
    var text =
        new StringBuilder(
            """
              connector-%1$d:
                name: Connector %1$d
                authorization_server: %2$s
                resource: %3$s
                scopes: [read, write]
                tools:
            """
                .formatted(number, SERVER, resource(number)));
    for (int i = 0; i < TOOLS; i++) {
      text.append("      tool-").append(i).append(": internal\n");
    }
    return text.toString();
  }

  private static String resource(int connector) {
    return "https://mcp" + connector + ".example.com/mcp";
  }

  private String role(int number) {
    var text =
        new StringBuilder(
            """
              role-%1$d:
                owner: Somebody
                groups: [group-%1$d]
                clearance: confidential
            """
                .formatted(number));
    if (random.nextInt(100) < conditions) {
      text.append("    conditions: {strong: {when: \"'hwk' in auth.amr\"}}\n");
    }
    text.append("    connectors:\n");
    var given = new HashSet<Integer>();
    while (given.size() < CONNECTORS_OF_A_ROLE) {
      given.add(random.nextInt(CONNECTORS));
    }
    given.forEach(i -> text.append("      connector-").append(i).append(": [read]\n"));
    return text.toString();
  }

  private Member person(int number) {
    var groups = new HashSet<String>();
    for (int i = 0; i < GROUPS_OF_A_PERSON; i++) {
      groups.add("group-" + random.nextInt(ROLES));
    }
    var name = "person-" + number;
    return new Member(name, Optional.of(name), Optional.empty(), false, Set.copyOf(groups));
  }

  private AccessRequest request(Member person) {
    var resource = new ResourceIndicator(resource(random.nextInt(CONNECTORS)));
    return new AccessRequest(person, CLIENT, SERVER, List.of(resource), READ, SIGN_IN, NOW);
  }

  private ToolRequest toolRequest(Member person) {
    return new ToolRequest(
        person,
        CLIENT,
        "connector-" + random.nextInt(CONNECTORS),
        "tool-" + random.nextInt(TOOLS),
        SIGN_IN,
        NOW);
  }

  private int next() {
    next = (next + 1) % PEOPLE;
    return next;
  }

  @Benchmark
  public Decision decide() {
    return policy.decide(requests.get(next()));
  }

  @Benchmark
  public ToolDecision decideTool() {
    return policy.decideTool(toolRequests.get(next()));
  }

  @Benchmark
  public PolicyLibrary compile() {
    return PolicyLibrary.compile(library);
  }

  @Benchmark
  public PolicyLibrary readAndCompile() {
    return PolicyLibrary.compile(files.read());
  }
}
