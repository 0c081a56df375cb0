package dev.lanyard.benchmarks.console;

import dev.lanyard.benchmarks.compare.Started;
import dev.lanyard.benchmarks.plan.LargeOrganisation;
import dev.lanyard.benchmarks.postgres.DurablePostgres;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.keys.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Starts a server whose database holds a large organisation, signs an administrator in, and times
/// every page of the console, request and answer over loopback.
///
/// Arguments: people, exchanges, a folder (made anew), `sqlite` or `postgres`, looks at each page.
public final class ConsoleAtScale {
  private static final String PASSWORD = "a password of this benchmark only";
  private static final String USER = "benchmark";
  private static final int WARM_UP = 5;

  /// In the order of the navigation.
  private static final List<String> PAGES =
      List.of(
          "/",
          "/requests",
          "/overview",
          "/people",
          "/people?q=person4711",
          "/people?q=nobody-is-called-so",
          "/people/person4711",
          "/people/person4711/groups?groups=g1",
          "/asked",
          "/motions",
          "/why",
          "/connectors",
          "/connectors/c7",
          "/library",
          "/library/draft",
          "/library/draft/file?name=library.yaml",
          "/coverage",
          "/coverage/connectors/c7",
          "/forecast",
          "/value",
          "/routing",
          "/contract",
          "/reviews",
          "/providers",
          "/clients",
          "/clients/studio",
          "/organisations",
          "/keys",
          "/exposure",
          "/kills",
          "/audit",
          "/audit?person=person4711",
          "/time-machine?person=person4711",
          "/stop");

  private ConsoleAtScale() {}

  public static void main(String[] arguments) throws IOException {
    int people = Integer.parseInt(arguments[0]);
    int exchanges = Integer.parseInt(arguments[1]);
    var folder = Files.createDirectories(Path.of(arguments[2]));
    int looks = Integer.parseInt(arguments[4]);
    if (arguments[3].equals("postgres")) {
      try (var postgres = DurablePostgres.start(folder.resolve("postgres"))) {
        run(new Site(folder, postgres.url("postgres")), people, exchanges, looks);
      }
    } else {
      var file = folder.resolve("console.db");
      for (var suffix : List.of("", "-wal", "-shm")) {
        Files.deleteIfExists(Path.of(file + suffix));
      }
      run(new Site(folder, "jdbc:sqlite:" + file), people, exchanges, looks);
    }
  }

  private static void run(Site site, int people, int exchanges, int looks) throws IOException {
    var clock = Clock.systemUTC();
    var configuration = ConfigurationFile.read(site.write(), Map.of());
    try (var database = Database.open(configuration.database(), clock)) {
      LargeOrganisation.fill(database, people, exchanges, clock.millis());
    }
    long start = System.nanoTime();
    try (var lanyard = Lanyard.start(configuration, clock);
        var visitor = new Visitor(site.console())) {
      System.out.printf("started after %.1f s%n", (System.nanoTime() - start) / 1e9);
      administrator(lanyard);
      visitor.signIn(site.broker(), USER, PASSWORD);
      System.out.printf(
          "%n%-50s %6s %8s %9s %9s %9s%n", "page", "status", "KiB", "first ms", "p50 ms", "p95 ms");
      for (var page : PAGES) {
        measure(visitor, page, looks);
      }
      effect(visitor);
    }
  }

  private static void administrator(Lanyard lanyard) {
    var person =
        new NewPerson(
            LargeOrganisation.NAME,
            USER,
            Optional.empty(),
            "Benchmark",
            Set.of("administrators", "reviewers", "g1"));
    if (lanyard.directory().create(person) instanceof Linking.Created(var created)) {
      var _ = lanyard.passwords().set(created.id(), new Secret(PASSWORD));
    }
  }

  private static void measure(Visitor visitor, String page, int looks) throws IOException {
    double first = look(visitor, page);
    for (int i = 0; i < WARM_UP; i++) {
      var _ = look(visitor, page);
    }
    var times = new double[looks];
    for (int i = 0; i < looks; i++) {
      times[i] = look(visitor, page);
    }
    Arrays.sort(times);
    var answer = visitor.get(page);
    System.out.printf(
        "%-50s %6d %8.0f %9.0f %9.1f %9.1f%n",
        page,
        answer.statusCode(),
        answer.body().length() / 1024.0,
        first,
        times[looks / 2],
        times[Math.min(looks - 1, looks * 95 / 100)]);
  }

  private static double look(Visitor visitor, String page) throws IOException {
    long start = System.nanoTime();
    var _ = visitor.get(page);
    return (System.nanoTime() - start) / 1e6;
  }

  /// What a draft that takes a scope of every tenth role away would change, with and without asking
  /// the recorded exchanges again.
  private static void effect(Visitor visitor) throws IOException {
    var saved =
        visitor.fillIn(
            "/library/draft/file?name=library.yaml",
            "/library/draft/file",
            Map.of("text", LargeOrganisation.library(true)));
    if (saved.statusCode() != 200) {
      throw new IOException("the draft was not saved: " + saved.statusCode());
    }
    for (var page : List.of("/library/draft/effect?days=0", "/library/draft/effect?days=30")) {
      var times = new ArrayList<String>();
      for (int i = 0; i < 3; i++) {
        times.add("%.0f ms".formatted(look(visitor, page)));
      }
      var answer = visitor.get(page);
      System.out.printf(
          "%-50s %6d %8.0f %s%n",
          page, answer.statusCode(), answer.body().length() / 1024.0, times);
    }
  }

  /// Where it listens, and its files.
  private record Site(Path folder, String database, int brokerPort, int consolePort) {
    Site(Path folder, String database) {
      this(folder, database, Started.freePort(), Started.freePort());
    }

    String broker() {
      return "http://127.0.0.1:" + brokerPort;
    }

    String console() {
      return "http://localhost:" + consolePort;
    }

    Path write() throws IOException {
      Files.createDirectories(folder.resolve("library"));
      Files.writeString(folder.resolve("library/library.yaml"), LargeOrganisation.library(false));
      Files.writeString(folder.resolve("clients.yaml"), clients());
      Files.deleteIfExists(folder.resolve("master.key"));
      MasterKey.create(folder.resolve("master.key"));
      return Files.writeString(folder.resolve("lanyard.yaml"), configuration());
    }

    private static String clients() {
      var there = new StringBuilder();
      for (int i = 0; i < LargeOrganisation.SERVERS; i++) {
        there.append("      \"https://as").append(i).append(".example\": studio-there\n");
      }
      return """
      clients:
        - id: studio
          authentication: [none]
          redirect_uris: [http://127.0.0.1/callback]
          grants: [authorization_code, token-exchange]
          ids_at:
      """
          + there;
    }

    private String configuration() {
      return """
      database: {url: "%s"}
      master_key_file: master.key
      library: library
      outbound: {loopback: true}
      broker:
        issuer: %s
        listen: 127.0.0.1:%d
        organisation: %s
        clients: clients.yaml
        sign_in: {local_people: true}
      console:
        address: %s
        listen: 127.0.0.1:%d
        administrators: [administrators]
        reviewers: [reviewers]
        second_factor: {demanded: false}
      """
          .formatted(
              database, broker(), brokerPort, LargeOrganisation.NAME, console(), consolePort);
    }
  }
}
