package dev.lanyard.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.pair.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@DisplayName("The command line, as an administrator uses it on the first day")
class CommandLineTest {
  private static final String ANA = "ana@example.com";

  @TempDir Path folder;
  private Installed installed;

  @BeforeEach
  void init() throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
  }

  @Test
  void init_makes_a_set_up_that_starts_and_that_doctor_finds_healthy() {
    var config = ConfigurationFile.read(installed.configuration(), Map.of());

    try (var _ = Lanyard.start(config, Clock.systemUTC())) {
      var ran = installed.here("doctor");

      assertThat(ran.out()).contains("Nothing needs to be changed.");
      assertThat(ran.exit()).isZero();
    }
  }

  @Test
  void doctor_says_that_nothing_is_running_and_what_to_do() {
    var ran = installed.here("doctor");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("BAD  identity broker").contains("Is it running?");
  }

  @Test
  void doctor_finds_a_master_key_that_others_can_read() throws IOException {
    Files.setPosixFilePermissions(
        installed.configuration().resolveSibling("secrets/master.key"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(installed.here("doctor").out()).contains("BAD  master key");
  }

  private static void assertTold(Installed.Ran ran, String... parts) {
    assertThat(ran.exit()).isNotZero();
    assertThat(ran.err()).contains(parts).doesNotContain("should not have happened", "\tat ");
  }

  @Test
  void serve_says_whose_port_is_taken() throws IOException {
    var address =
        ConfigurationFile.read(installed.configuration(), Map.of()).broker().orElseThrow();
    try (var _ =
        new ServerSocket(address.address().getPort(), 1, InetAddress.getLoopbackAddress())) {
      assertTold(
          installed.here("serve"), "lanyard: cannot listen at", "for broker", "already in use");
    }
  }

  @Test
  void serve_says_what_to_do_without_the_master_key() throws IOException {
    Files.delete(installed.configuration().resolveSibling("secrets/master.key"));

    assertTold(
        installed.here("serve"), "cannot read the master key", "Restore it from your backup");
  }

  @Test
  void serve_says_that_the_database_is_not_there() throws IOException {
    var nobody = FreePort.next();
    installed.replace(
        "url: jdbc:sqlite:data/lanyard.db",
        "url: jdbc:postgresql://127.0.0.1:" + nobody + "/lanyard\n  user: lanyard");

    assertTold(installed.here("serve"), "refused", "is it running, and does it admit");
  }

  @Test
  void arguments_that_cannot_be_meant_are_told() {
    add(ANA, "sales");
    var asked = new String[] {"--user", ANA, "--connector", "example"};

    assertTold(
        installed.here("explain", with(asked, "--scope", "not\\one")), "--scope: ", "not\\one");
    assertTold(
        installed.here("explain", with(asked, "--client", "\u00FC")),
        "'--client'",
        "not a client id");
  }

  @Test
  @DisplayName("a usage that cannot be meant ends with 2, whatever the installation is")
  void wrong_usage() {
    var usages =
        new String[][] {
          {"audit", "--last", "0"},
          {"audit", "--last", "-1"},
          {"audit", "--last", "many"},
          {"receipt", "list", "--last", "-1"},
          {"library", "history", "--last", "0"},
          {"library", "plan", "--days", "-1"},
          {"library", "plan", "--days", "3651"},
          {"library", "propose", "--days", "-1", "--as", "ana", "--key", "k", "-m", "why"},
          {
            "library",
            "propose",
            "folder",
            "--submission",
            "s",
            "--as",
            "ana",
            "--key",
            "k",
            "-m",
            "why"
          },
          {"library", "publish", "--emergency"},
          {"delivery", "retry"},
          {"delivery", "retry", "an-id", "--all"},
        };
    for (var usage : usages) {
      var ran = installed.here(usage[0], Arrays.copyOfRange(usage, 1, usage.length));

      assertThat(ran.exit()).as(String.join(" ", usage) + "\n" + ran.err()).isEqualTo(2);
      assertThat(ran.err()).doesNotContain("should not have happened", "\tat ");
    }
  }

  @Test
  void a_database_that_is_there_and_does_not_work_is_told_without_a_question() throws Exception {
    add(ANA, "sales");
    try (var files = Files.walk(folder);
        var connection =
            DriverManager.getConnection(
                "jdbc:sqlite:"
                    + files
                        .filter(one -> one.toString().endsWith(".db"))
                        .findFirst()
                        .orElseThrow());
        var statement = connection.createStatement()) {
      statement.execute("DROP TABLE alarm");
    }

    var ran = installed.here("alarms");

    assertTold(ran, "the database cannot be read", "no such table: alarm");
    assertThat(ran.err()).doesNotContain("is it running", "database.user");
  }

  @Test
  void memory_that_is_not_enough_is_told() {
    var err = new StringWriter();
    var line = Installed.commandLine(InputStream.nullInputStream());
    line.addSubcommand(
        "greedy",
        CommandLine.Model.CommandSpec.wrapWithoutInspection(
            (Runnable)
                () -> {
                  throw new OutOfMemoryError("of a test");
                }));
    line.setErr(new PrintWriter(err, true));

    assertThat(Main.executed(line, "greedy")).isEqualTo(1);
    assertThat(err.toString()).contains("lanyard: not enough memory; LANYARD_HEAP").hasLineCount(1);
  }

  @Command(name = "greedy")
  static final class Greedy {
    @Command
    int eat() {
      throw new OutOfMemoryError("of a test");
    }
  }

  @Test
  void so_it_is_if_the_command_is_a_method() {
    var err = new StringWriter();
    var line = Installed.commandLine(InputStream.nullInputStream());
    line.addSubcommand(new Greedy());
    line.setErr(new PrintWriter(err, true));

    assertThat(Main.executed(line, "greedy", "eat")).isEqualTo(1);
    assertThat(err.toString()).contains("lanyard: not enough memory; LANYARD_HEAP").hasLineCount(1);
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void init_changes_nothing_in_a_folder_that_has_a_configuration() throws IOException {
    var before = Files.readString(installed.configuration());

    var ran = installed.run("init", installed.configuration().getParent().toString());

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("there already; nothing was changed");
    assertThat(Files.readString(installed.configuration())).isEqualTo(before);
  }

  @Test
  void explain_tells_what_a_person_may_and_why() {
    add(ANA, "sales");

    var ran = installed.here("explain", "--user", ANA, "--connector", "example");

    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .contains("ALLOWED with scopes: example.read")
        .contains("role sales (through group sales)");
  }

  @Test
  void explain_tells_a_person_in_no_role_which_role_would_do() {
    add(ANA, "legal");

    var ran = installed.here("explain", "--user", ANA, "--connector", "example");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("REFUSED").contains("Role engineering would give it");
  }

  @Test
  @DisplayName("SEC-9: explain and doctor say of which exception a told user name gives nothing")
  void exceptions_by_a_told_name() throws IOException {
    add(ANA, "legal");
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      var _ =
          Directory.open(database, Clock.systemUTC())
              .createLinked(
                  NewPerson.named("example", "auditor"),
                  new ExternalSubject("example", new Issuer("https://idp.example"), "s-1"));
      var address = Optional.of("ben@home.example");
      var _ =
          Directory.open(database, Clock.systemUTC())
              .createLinked(
                  new NewPerson("example", "ben", address, false, "Ben", Set.of()),
                  new ExternalSubject("example", new Issuer("https://idp.example"), "s-2"));
    }
    var rule =
        """
        exceptions:
          audit:
            owner: Ana Ruiz
            reason: The auditors look at the books.
            people: [Auditor, ben@home.example, %s]
            until: 2999-01-01
            connectors: {example: [example.read]}
        """;
    Files.writeString(
        installed.configuration().resolveSibling("library/audit.yaml"), rule.formatted(ANA));

    var ran = installed.here("explain", "--user", "auditor", "--connector", "example");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out())
        .contains("REFUSED", "Exception audit names auditor", "counts for nothing");
    var json = installed.here("explain", "--user", "auditor", "--connector", "example", "--json");
    assertThat(json.out()).contains("\"exceptions_by_unproven_name\"", "\"audit\"");
    var ben = installed.here("explain", "--user", "ben", "--connector", "example");
    assertThat(ben.out()).contains("REFUSED", "Exception audit names ben", "counts for nothing");
    var ana = installed.here("explain", "--user", ANA, "--connector", "example");
    assertThat(ana.exit()).isZero();
    assertThat(ana.out()).doesNotContain("counts for nothing");
    assertThat(installed.here("doctor").out())
        .contains("note exception audit: names 'Auditor'", "it gives nothing")
        .contains("note exception audit: names 'ben@home.example'")
        .doesNotContain("exception audit: names '" + ANA);
  }

  @Test
  @DisplayName(
      "SEC-9: explain, doctor and check say which condition asks for an unverified address")
  void conditions_on_an_unverified_address() throws IOException {
    add(ANA, "sales");
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      var address = Optional.of("ceo@example.com");
      var _ =
          Directory.open(database, Clock.systemUTC())
              .createLinked(
                  new NewPerson("example", "ben", address, false, "Ben", Set.of("bosses")),
                  new ExternalSubject("example", new Issuer("https://idp.example"), "s-2"));
    }
    Files.writeString(
        installed.configuration().resolveSibling("library/boss.yaml"),
        """
        roles:
          boss:
            owner: Ana Ruiz
            groups: [bosses, sales]
            conditions: {home: {when: "person.email.endsWith('@example.com')"}}
            connectors: {example: [example.read]}
        """);

    var ben = installed.here("explain", "--user", "ben", "--connector", "example");
    assertThat(ben.exit()).isEqualTo(1);
    assertThat(ben.out())
        .contains("REFUSED", "cannot be evaluated: home")
        .contains("Condition home asks for what only a provider has said of ben");
    var json = installed.here("explain", "--user", "ben", "--connector", "example", "--json");
    assertThat(json.out()).contains("\"conditions_on_unproven_name\"", "\"home\"");
    var ana = installed.here("explain", "--user", ANA, "--connector", "example");
    assertThat(ana.out()).doesNotContain("only a provider");
    assertThat(installed.here("doctor").out())
        .contains(
            "note condition home: asks for person.email, and of 1 people nobody has verified");
    var check =
        installed.run("library", "check", "--people", "-c", installed.configuration().toString());
    assertThat(check.out()).contains("condition 'home' of role 'boss' asks for person.email");
  }

  @Test
  @DisplayName("AUD-4: doctor names an organisation of own retention that nobody knows")
  void retention_of_nobody() throws IOException {
    add(ANA, "legal");
    Files.writeString(
        installed.configuration(),
        "\naudit: {retention_by_organisation: {exmaple: {call: 30d}, example: {call: 30d}}}\n",
        StandardOpenOption.APPEND);

    assertThat(installed.here("doctor").out())
        .contains("note audit.retention_by_organisation: there is no organisation 'exmaple'")
        .contains("Known are [example")
        .doesNotContain("there is no organisation 'example'");
  }

  @Test
  @DisplayName("SEC-9: doctor says who lost a told name to a person whom SCIM created")
  void lost_names() {
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    assertThat(installed.here("doctor").out()).doesNotContain("lost user names");
    PersonId loser;
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      var directory = Directory.open(database, Clock.systemUTC());
      var subject = new ExternalSubject("example", new Issuer("https://idp.example"), "s-1");
      var linking = directory.createLinked(NewPerson.named("example", "boss"), subject);
      loser = ((Linking.Created) linking).person().id();
      boolean taken = database.write(c -> directory.toldNames(c).take(loser, "example", "boss"));
      assertThat(taken).isTrue();
    }
    assertThat(installed.here("doctor").out())
        .contains(
            "note lost user names: of 1 people, who signed in before SCIM gave", loser.value());
  }

  @Test
  @DisplayName("explain --agent: what a client has for itself, and why")
  void explain_tells_what_an_agent_may() throws IOException {
    Files.writeString(
        installed.configuration().resolveSibling("library/robots.yaml"),
        "roles:\n  robots:\n    agents: [ci-bot]\n    connectors: {example: [example.read]}\n");

    var ran = installed.here("explain", "--agent", "ci-bot", "--connector", "example");

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("agent ci-bot →", "ALLOWED with scopes: example.read", "role robots")
        .doesNotContain("Groups of the person");
    var other = installed.here("explain", "--agent", "other", "--connector", "example", "--json");
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.out()).contains("\"agent\"", "\"other\"").doesNotContain("\"person\"");
    var both =
        installed.here("explain", "--agent", "ci-bot", "--user", ANA, "--connector", "example");
    assertThat(both.exit()).isEqualTo(2);
  }

  @Test
  void explain_refuses_a_disabled_person_whatever_the_library_says() {
    add(ANA, "sales");
    installed.here("person", "disable", ANA);

    var ran = installed.here("explain", "--user", ANA, "--connector", "example");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("REFUSED: the person is disabled");
  }

  @Test
  void unknown_names_are_answered_with_what_there_is() {
    add(ANA, "sales");

    assertThat(installed.here("explain", "--user", ANA, "--connector", "nope").err())
        .contains("no connector 'nope'. It has: example");
    assertThat(installed.here("explain", "--user", "bob", "--connector", "example").err())
        .contains("nobody is called 'bob'");
  }

  @Test
  void a_weak_password_adds_nobody() {
    var ran =
        installed.typing("short", "person", "add", ANA, "-c", installed.configuration().toString());

    assertThat(ran.err()).contains("a password needs 12 to 256 characters; nothing was changed");
    assertThat(installed.here("person", "list").out()).contains("Nobody yet");
  }

  @Test
  void groups_are_replaced_and_recorded() {
    add(ANA, "sales");

    var ran =
        installed.run(
            "person", "groups", "-c", installed.configuration().toString(), ANA, "engineering");

    assertThat(ran.out()).contains("is in the groups engineering");
    assertThat(installed.here("audit", "--person", ANA).out())
        .contains("person.created")
        .contains("person.groups");
  }

  @Test
  void a_client_secret_comes_with_its_hash() {
    assertThat(installed.run("client", "secret").out()).contains("sha256:");
  }

  private void add(String email, String group) {
    var ran =
        installed.typing(
            "correct horse battery",
            "person",
            "add",
            email,
            "--group",
            group,
            "-c",
            installed.configuration().toString());
    assertThat(ran.exit()).as(ran.err()).isZero();
  }
}
