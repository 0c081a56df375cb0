package dev.lanyard.benchmarks.console;

import dev.lanyard.benchmarks.compare.Started;
import dev.lanyard.benchmarks.plan.LargeOrganisation;
import dev.lanyard.benchmarks.postgres.DurablePostgres;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.keys.MasterKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Starts a server whose database holds a large organisation, signs an administrator in, and times
/// every page of the console, request and answer over loopback. Ends with 1 if a page is not within
/// the goals.
///
/// Arguments: people, exchanges, a folder (made anew), `sqlite` or `postgres`, looks at each page.
public final class ConsoleAtScale {
  private static final String PASSWORD = "a password of this benchmark only";
  private static final String USER = "benchmark";
  private static final int WARM_UP = 5;
  private static final int MOST_MILLIS = 100;
  private static final int MOST_KIB = 300;
  private static final Pattern FILE = Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"");

  /// Applications that exchange tokens: what somebody reaches is asked for each of them.
  private static final List<String> APPLICATIONS =
      List.of("studio", "code", "desk", "notes", "mail");

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
    List<String> missed;
    if (arguments[3].equals("postgres")) {
      try (var postgres = DurablePostgres.start(folder.resolve("postgres"))) {
        var section = "{url: \"%s\", user: %s}";
        var database = section.formatted(postgres.url("postgres"), DurablePostgres.USER);
        missed = run(new Site(folder, database), people, exchanges, looks);
      }
    } else {
      var file = folder.resolve("console.db");
      for (var suffix : List.of("", "-wal", "-shm")) {
        Files.deleteIfExists(Path.of(file + suffix));
      }
      var database = "{url: \"jdbc:sqlite:" + file + "\"}";
      missed = run(new Site(folder, database), people, exchanges, looks);
    }
    System.out.printf("%nGoals: %d ms in 95 of 100 looks, %d KiB in all%n", MOST_MILLIS, MOST_KIB);
    missed.forEach(one -> System.out.println("MISSED: " + one));
    System.exit(missed.isEmpty() ? 0 : 1);
  }

  /// @return which goals are missed
  private static List<String> run(Site site, int people, int exchanges, int looks)
      throws IOException {
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
          "%n%-40s %6s %8s %8s %9s %9s %9s%n",
          "page", "status", "KiB", "in all", "first ms", "p50 ms", "p95 ms");
      var missed = new ArrayList<String>();
      for (var page : PAGES) {
        missed.addAll(measure(visitor, page, looks));
      }
      effect(visitor);
      return missed;
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

  /// @return which goals it misses
  private static List<String> measure(Visitor visitor, String page, int looks) throws IOException {
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
    double size = size(answer.body());
    double all = size + files(visitor, answer.body());
    double late = times[Math.min(looks - 1, looks * 95 / 100)];
    System.out.printf(
        "%-40s %6d %8.0f %8.0f %9.0f %9.1f %9.1f%n",
        page, answer.statusCode(), size, all, first, times[looks / 2], late);
    var missed = new ArrayList<String>();
    if (answer.statusCode() != 200) {
      missed.add(page + " was answered with " + answer.statusCode());
    }
    if (late > MOST_MILLIS) {
      missed.add("%s took %.0f ms".formatted(page, late));
    }
    if (all > MOST_KIB) {
      missed.add("%s has %.0f KiB".formatted(page, all));
    }
    return missed;
  }

  private static double size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length / 1024.0;
  }

  /// Style, scripts and pictures of a page, as a browser loads them that has none of them yet.
  private static double files(Visitor visitor, String page) throws IOException {
    double all = 0;
    for (var path :
        FILE.matcher(page).results().map(one -> one.group(1)).collect(Collectors.toSet())) {
      all += size(visitor.get(path).body());
    }
    return all;
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
          "%-40s %6d %8.0f %s%n", page, answer.statusCode(), size(answer.body()), times);
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
      return APPLICATIONS.stream()
          .map(id ->
              """
                - id: %s
                  secret_hash: "%s"
                  authentication: [client_secret_basic]
                  redirect_uris: [http://127.0.0.1/callback]
                  grants: [authorization_code, token-exchange]
                  ids_at:
              """
                      .formatted(id, ClientSecret.generate(new SecureRandom()).hash().text())
                  + there)
          .collect(Collectors.joining("", "clients:\n", ""));
    }

    private String configuration() {
      return """
      database: %s
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
