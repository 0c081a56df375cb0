package dev.lanyard.server.app.command.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.NewPerson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("disable, enable, revoke, exposure, reconcile, alarms")
class KillCommandsTest {
  @TempDir Path folder;
  private Installed installed;

  @BeforeEach
  void install() throws IOException {
    installed = Installed.in(folder);
    var added =
        installed.typing(
            "a long enough password",
            "person",
            "add",
            "zoe@acme.example",
            "-c",
            installed.configuration().toString());
    assertThat(added.exit()).as(added.err()).isZero();
  }

  private String list() {
    return installed.run("person", "list", "-c", installed.configuration().toString()).out();
  }

  @Test
  void a_person_off_and_on() {
    var off = installed.here("disable", "--user", "zoe@acme.example", "--reason", "left");
    assertThat(off.exit()).as(off.err()).isZero();
    assertThat(off.out()).contains("Done for zoe@acme.example", "incident");
    assertThat(list()).contains("disabled");
    assertThat(installed.here("enable", "--user", "zoe@acme.example").exit()).isZero();
    assertThat(list()).contains("active");
    assertThat(installed.here("enable", "--user", "zoe@acme.example").out())
        .contains("nothing to do");
    var audit = installed.here("audit", "--type", "person.disabled").out();
    assertThat(audit).contains("left", "admin:");
  }

  @Test
  @DisplayName("of a customer that is in no file; of two with one name the one of the organisation")
  void a_person_of_a_customer() {
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      var directory = Directory.open(database, Clock.systemUTC());
      for (var name : List.of("zoe@acme.example", "mallory")) {
        var _ = directory.create(new NewPerson("evil", name, Optional.empty(), name, Set.of()));
      }
    }
    assertThat(installed.here("disable", "--user", "mallory").exit()).isZero();
    var both = installed.here("disable", "--user", "zoe@acme.example");
    assertThat(both.exit()).isEqualTo(1);
    assertThat(both.err()).contains("more than one person", " of evil");
    assertThat(list()).doesNotContainPattern("zoe@acme.example +disabled");
    var one = installed.here("disable", "--user", "zoe@acme.example", "--organisation", "evil");
    assertThat(one.exit()).as(one.err()).isZero();
    assertThat(one.out()).contains("Done for zoe@acme.example");
    assertThat(list())
        .containsPattern("evil +zoe@acme.example +disabled")
        .containsPattern("zoe@acme.example +active");
    var exposed =
        installed.here("exposure", "--user", "zoe@acme.example", "--organisation", "evil");
    assertThat(exposed.exit()).as(exposed.err()).isZero();
    assertThat(installed.here("person", "enable", "mallory", "--organisation", "acme").err())
        .contains("nobody is called");
    assertThat(installed.here("quota", "--organisation", "evil").exit()).isNotZero();
  }

  @Test
  void somebody_unknown_is_said_to_be_unknown() {
    var ran = installed.here("disable", "--user", "nobody@acme.example");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("nobody@acme.example");
  }

  @Test
  void what_many_would_notice_is_typed_twice() {
    var hasty = installed.here("revoke", "--everything");
    assertThat(hasty.exit()).isEqualTo(1);
    assertThat(hasty.err()).contains("--yes-i-mean everything");
    var wrong =
        installed.here("disable", "--connector", "https://a.example/mcp", "--yes-i-mean", "b");
    assertThat(wrong.exit()).isEqualTo(1);
    var meant = installed.here("revoke", "--everything", "--yes-i-mean", "everything");
    assertThat(meant.exit()).as(meant.err()).isZero();
    assertThat(installed.here("audit", "--type", "all.disabled").out()).contains("ALL *");
    assertThat(installed.here("enable", "--everything").exit()).isZero();
    assertThat(installed.here("audit", "--type", "all.enabled").out()).contains("ALL *");
  }

  @Test
  void a_whole_organisation() {
    var wrong = installed.here("revoke", "--organisation", "nobody", "--yes-i-mean", "nobody");
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.err()).contains("no organisation is called 'nobody'; nothing was changed");
    var off = installed.here("revoke", "--organisation", "example", "--yes-i-mean", "example");
    assertThat(off.exit()).as(off.err()).isZero();
    assertThat(installed.here("audit", "--type", "organisation.disabled").out())
        .contains("ORGANISATION example");
    assertThat(installed.here("enable", "--organisation", "example").exit()).isZero();
  }

  @Test
  void one_of_the_targets_is_needed_and_only_one() {
    assertThat(installed.here("disable").exit()).isEqualTo(2);
    assertThat(installed.here("revoke", "--grant", "g", "--user", "zoe@acme.example").exit())
        .isEqualTo(2);
  }

  @Test
  void one_session_grant_or_token() {
    assertThat(installed.here("revoke", "--grant", "g-1").exit()).isZero();
    assertThat(installed.here("revoke", "--token", "t-1").exit()).isZero();
    assertThat(installed.here("audit", "--type", "grant.revoked").out()).contains("GRANT g-1");
    var session = installed.here("revoke", "--session", "unknown");
    assertThat(session.exit()).isEqualTo(1);
    assertThat(session.err()).contains("not known here");
    var pasted = installed.here("revoke", "--token", "e30.e30.c2lnbmF0dXJl");
    assertThat(pasted.exit()).isEqualTo(1);
    assertThat(pasted.err()).contains("never a token itself").doesNotContain("e30");
    assertThat(installed.here("audit", "--limit", "100").out()).doesNotContain("e30.e30");
  }

  @Test
  @DisplayName("a resource that is spelled wrong would stop nobody and look as if it had")
  void a_resource_with_a_slash_too_many() {
    var meant = "https://localhost:9443/mcp";
    for (var wrong : List.of(meant + "/", "https://linear.example/mcp")) {
      for (var command : List.of("disable", "revoke", "enable")) {
        var ran =
            command.equals("enable")
                ? installed.here(command, "--connector", wrong)
                : installed.here(command, "--connector", wrong, "--yes-i-mean", wrong);
        assertThat(ran.exit()).as(command + " " + wrong).isEqualTo(1);
        assertThat(ran.err()).contains("no connector has the resource", "nothing was changed");
        assertThat(ran.err().contains("Did you mean " + meant + "?"))
            .isEqualTo(wrong.endsWith("/"));
      }
    }
    var off = installed.here("disable", "--connector", meant, "--yes-i-mean", meant);
    assertThat(off.exit()).as(off.err()).isZero();
    assertThat(installed.here("audit", "--type", "connector.disabled").out()).contains(meant);
  }

  @Test
  @DisplayName("a connector that is gone from the library can be let go on")
  void what_was_stopped_by_its_resource_can_be_let_go_on() throws IOException {
    var file = folder.resolve("library/connectors.yaml");
    var before = Files.readString(file);
    var url = "https://gone.example/mcp";
    Files.writeString(file, "connectors: [");
    assertThat(installed.here("disable", "--connector", url, "--yes-i-mean", url).exit()).isZero();
    Files.writeString(file, before);
    var on = installed.here("enable", "--connector", url);
    assertThat(on.exit()).as(on.err()).isZero();
  }

  @Test
  void the_kill_works_while_the_library_is_broken() throws IOException {
    Files.writeString(folder.resolve("library/connectors.yaml"), "connectors: [");
    var off = installed.here("disable", "--user", "zoe@acme.example");
    assertThat(off.exit()).as(off.err()).isZero();
    var url = "https://linear.example/mcp";
    assertThat(installed.here("disable", "--connector", url, "--yes-i-mean", url).exit()).isZero();
  }

  @Test
  void the_tasks_of_the_person_and_of_nobody_else() throws IOException {
    var insert =
        """
        INSERT INTO mcp_task (connector, task_hash, subject, client, session_hash, tool, made_at,
          kept_for, forget_after)
        SELECT 'tracker', id, id, 'c', '', 't', 0, 1, 2 FROM person
        UNION SELECT 'tracker', 'other', 'other', 'c', '', 't', 0, 1, 2
        """;
    database(statements -> statements.update(insert));

    assertThat(installed.here("disable", "--user", "zoe@acme.example").exit()).isZero();

    List<String> left =
        database(statements ->
            statements.list("SELECT task_hash FROM mcp_task", row -> row.getString(1)));
    List<String> disabled =
        database(statements ->
            statements.list("SELECT id FROM person WHERE active = 0", row -> row.getString(1)));
    assertThat(disabled).hasSize(1);
    assertThat(left).contains("other").doesNotContainAnyElementsOf(disabled);
  }

  /// What is done in the database of the installation.
  private interface Work<T> {
    T with(Statements statements) throws SQLException;
  }

  private <T> T database(Work<T> work) throws IOException {
    try (var files = Files.walk(folder);
        var database =
            Database.open(
                DatabaseConfig.sqlite(
                    files
                        .filter(file -> file.toString().endsWith(".db"))
                        .findFirst()
                        .orElseThrow()),
                Clock.systemUTC())) {
      return database.write(connection -> work.with(new Statements(connection)));
    }
  }

  @Test
  void an_account_at_a_vendor_that_a_kill_has_missed() throws IOException {
    var insert =
        """
        INSERT INTO upstream_grant (id, person, connector, issuer, client, scopes, sealed,
          revision, expires_at, granted_at, renewed_at)
        VALUES ('g-1', 'nobody', 'tracker', 'https://t.example', 'c', '', 's', 0, 0, 1, 1)
        """;
    database(statements -> statements.update(insert));
    var reconciled = installed.here("reconcile");
    assertThat(reconciled.exit()).as(reconciled.err()).isEqualTo(1);
    assertThat(reconciled.out()).contains("accounts        1", "ACCOUNT_OF_DISABLED g-1 of nobody");
    assertThat(installed.here("alarms").out()).contains("ACCOUNT_OF_DISABLED");
    assertThat(installed.here("reconcile").exit()).isZero();
  }

  /// Has the database refuse the records of a type, as one does that is lost in between.
  private void refuses(String type) throws IOException {
    var trigger =
        "CREATE TRIGGER refuse BEFORE INSERT ON audit WHEN NEW.type = '"
            + type
            + "' BEGIN SELECT RAISE(ABORT, 'lost'); END";
    database(statements -> statements.update(trigger));
  }

  private void takesAgain() throws IOException {
    database(statements -> statements.update("DROP TRIGGER refuse"));
  }

  @Test
  void an_alarm_is_resolved_with_its_record_or_not_at_all() throws IOException {
    database(statements ->
        statements.update("INSERT INTO alarm VALUES ('k', 's', 'look', 1, 1, 1, NULL)"));
    refuses("alarm.resolved");
    assertThat(installed.here("alarms", "resolve", "k", "s").exit()).isEqualTo(1);
    assertThat(installed.here("alarms").exit()).isEqualTo(1);

    takesAgain();
    assertThat(installed.here("alarms", "resolve", "k", "s").exit()).isZero();
    assertThat(installed.here("alarms").out()).contains("Nothing to look at");
    assertThat(installed.here("audit", "--type", "alarm.resolved", "--json").out())
        .contains("\"by\":\"admin:" + System.getProperty("user.name"));
    assertThat(installed.here("alarms", "resolve", "k", "s").err()).contains("no such alarm");
  }

  @Test
  void a_person_comes_with_password_and_record_or_not_at_all() throws IOException {
    var configuration = installed.configuration().toString();
    var add = new String[] {"person", "add", "ana@acme.example", "-c", configuration};
    refuses("person.created");
    assertThat(installed.typing("a long enough password", add).exit()).isEqualTo(1);
    assertThat(list()).doesNotContain("ana@");

    takesAgain();
    assertThat(installed.typing("a long enough password", add).exit()).isZero();
    int passwords =
        database(statements ->
            statements.list("SELECT person FROM password", row -> row.getString(1)).size());
    assertThat(passwords).isEqualTo(2);
    assertThat(installed.here("audit", "--type", "person.created", "--json").out())
        .contains("\"by\":\"admin:");
  }

  @Test
  void a_new_password_comes_with_its_record_or_not_at_all() throws IOException {
    var configuration = installed.configuration().toString();
    var change = new String[] {"person", "password", "zoe@acme.example", "-c", configuration};
    refuses("person.password");
    var before = hash();
    assertThat(installed.typing("another long password", change).exit()).isEqualTo(1);
    assertThat(hash()).isEqualTo(before);

    takesAgain();
    assertThat(installed.typing("another long password", change).exit()).isZero();
    assertThat(hash()).isNotEqualTo(before);
  }

  private String hash() throws IOException {
    return database(statements ->
        statements.first("SELECT hash FROM password", row -> row.getString(1)).orElseThrow());
  }

  @Test
  @DisplayName("a client of two servers: what was done at the one is said where the other fails")
  void a_client_of_two_servers() throws IOException {
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    var broker = config.broker().orElseThrow().config().issuer().value();
    var ras = config.ras().orElseThrow().config().issuer().value();
    refuses("client.disabled' AND NEW.evidence LIKE '%" + ras + "%");

    var off = installed.here("disable", "--client", "mcp-client", "--yes-i-mean", "mcp-client");

    assertThat(off.exit()).isEqualTo(1);
    assertThat(off.out()).contains("Done for mcp-client at " + broker).doesNotContain(ras);
    takesAgain();
    off = installed.here("disable", "--client", "mcp-client", "--yes-i-mean", "mcp-client");
    assertThat(off.exit()).isZero();
    assertThat(off.out()).contains("mcp-client at " + broker, "mcp-client at " + ras);
  }

  @Test
  void nothing_is_exposed_and_nothing_is_alive_that_should_be_dead() {
    assertThat(installed.here("exposure", "--all").out()).contains("No access is out there");
    assertThat(installed.here("exposure", "--user", "zoe@acme.example", "--json").out())
        .contains("\"connectors\":0");
    var reconciled = installed.here("reconcile");
    assertThat(reconciled.exit()).as(reconciled.err()).isZero();
    assertThat(reconciled.out()).contains("Nothing is alive");
    var alarms = installed.here("alarms");
    assertThat(alarms.exit()).isZero();
    assertThat(alarms.out()).contains("Nothing to look at");
  }
}
