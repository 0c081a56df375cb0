package dev.lanyard.benchmarks.kill;

import dev.lanyard.benchmarks.postgres.DurablePostgres;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `benchmarks/kill`: from the arrival of a signal at one node until two nodes refuse, and the same
/// for many people at once.
@Command(
    name = "kill",
    description = "Measures how long a kill takes until every node refuses.",
    mixinStandardHelpOptions = true)
public final class KillLatency implements Callable<Integer> {
  private static final Source SCIM = Source.of(Source.Kind.SCIM, "benchmark");

  @Option(names = "--people", defaultValue = "20000", description = "People in the directory.")
  private int people = 20_000;

  @Option(names = "--kills", defaultValue = "2000", description = "Single kills to measure.")
  private int kills = 2000;

  @Option(names = "--batch", defaultValue = "10000", description = "People of the batch.")
  private int batch = 10_000;

  @Option(names = "--home", required = true, description = "Where the repository is.")
  private Path home = Path.of(".");

  private KillLatency() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new KillLatency()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, SQLException {
    if (batch + kills + WARM_UP > people) {
      throw new IllegalArgumentException("--people must be more than --kills and --batch");
    }
    try (var postgres = DurablePostgres.start(home.resolve("benchmarks/target/kill/postgres"))) {
      var config =
          DatabaseConfig.of(postgres.create("kill"))
              .withCredentials(DurablePostgres.USER, new Secret(""));
      try (var one = new KillNode(config)) {
        var ids = created(one);
        try (var two = new KillNode(config)) {
          singles(one, two, ids.subList(0, WARM_UP));
          report(singles(one, two, ids.subList(WARM_UP, WARM_UP + kills)));
          batch(one, two, ids.subList(people - batch, people));
        }
      }
    }
    return 0;
  }

  private static final int WARM_UP = 500;

  private List<PersonId> created(KillNode node) {
    var ids = new ArrayList<PersonId>();
    for (int i = 0; i < people; i++) {
      var name = "person" + i;
      var person = new NewPerson("acme", name, Optional.empty(), name, Set.of("all"));
      ids.add(((Linking.Created) node.directory.create(person)).person().id());
    }
    return ids;
  }

  /// Nanoseconds of each kill, to the refusal on the first node and on the second.
  private static long[][] singles(KillNode one, KillNode two, List<PersonId> ids) {
    var first = new long[ids.size()];
    var second = new long[ids.size()];
    for (int i = 0; i < ids.size(); i++) {
      var id = ids.get(i);
      var issuedAt = Instant.now();
      long arrived = System.nanoTime();
      one.revocation.accept(signal(id, issuedAt));
      awaitRefusal(one, id, issuedAt);
      first[i] = System.nanoTime() - arrived;
      awaitRefusal(two, id, issuedAt);
      second[i] = System.nanoTime() - arrived;
    }
    return new long[][] {first, second};
  }

  private static Signal signal(PersonId id, Instant at) {
    return new Signal(
        SCIM, id.value(), new Subject.Person(id), Happening.DISABLED, at, "left", "benchmark");
  }

  private static void awaitRefusal(KillNode node, PersonId id, Instant issuedAt) {
    while (!node.refuses(id, issuedAt)) {
      LockSupport.parkNanos(50_000);
    }
  }

  private static void batch(KillNode one, KillNode two, List<PersonId> ids) {
    var issuedAt = Instant.now();
    var signals = ids.stream().map(id -> signal(id, issuedAt)).toList();
    long arrived = System.nanoTime();
    one.revocation.acceptAll(signals);
    ids.forEach(id -> awaitRefusal(one, id, issuedAt));
    var first = Duration.ofNanos(System.nanoTime() - arrived);
    ids.forEach(id -> awaitRefusal(two, id, issuedAt));
    var second = Duration.ofNanos(System.nanoTime() - arrived);
    System.out.printf(
        "%d people at once: %d ms on the first node, %d ms on both%n",
        ids.size(), first.toMillis(), second.toMillis());
  }

  private static void report(long[][] nanos) {
    System.out.printf("one person, %d times        p50 ms   p99 ms   max ms%n", nanos[0].length);
    print("first node refuses", nanos[0]);
    print("both nodes refuse", nanos[1]);
  }

  private static void print(String what, long[] nanos) {
    var sorted = nanos.clone();
    Arrays.sort(sorted);
    System.out.printf(
        "%-28s %8.2f %8.2f %8.2f%n",
        what,
        sorted[sorted.length / 2] / 1e6,
        sorted[sorted.length * 99 / 100] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }
}
