package dev.lanyard.server.app.command.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.Installed.Ran;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.publication.Draft;
import dev.lanyard.server.publication.Drafts;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.Submission;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard library and setup, as administrators use them")
@Tag("thorough")
class LibraryCommandTest {
  @TempDir Path folder;
  private Installed installed;
  private Path library;

  @BeforeEach
  void init() throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
    library = installed.configuration().resolveSibling("library");
    for (var person : List.of("ana@example.com", "bo@example.com")) {
      installed.typing(
          "correct horse battery",
          "person",
          "add",
          person,
          "--group",
          person.startsWith("ana") ? "engineering" : "sales",
          "-c",
          installed.configuration().toString());
    }
  }

  private Ran library(String... arguments) {
    var all = new ArrayList<>(List.of("library"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("-c", installed.configuration().toString()));
    return installed.run(all.toArray(String[]::new));
  }

  private void takeWriteFromEngineering() throws IOException {
    var roles = library.resolve("roles.yaml");
    Files.writeString(
        roles, Files.readString(roles).replace("[example.read, example.write]", "[example.read]"));
  }

  @Test
  @DisplayName("an export is not written through a symbolic link")
  void export_through_a_link() throws IOException {
    var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    var link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);

    var ran = library("export", link.toString());

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("is a symbolic link; nothing was written");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Nested
  @DisplayName("The plan")
  class Plans {
    @Test
    void says_who_loses_what_and_fails_a_pipeline_when_asked_to() throws IOException {
      var draft = folder.resolve("draft");
      assertThat(library("export", draft.toString()).exit()).isZero();
      takeWriteFromEngineering();

      var ran = library("plan", "--against", draft.toString());

      assertThat(ran.out())
          .contains("Of 2 people 0 gain and 1 lose something.")
          .contains("- 1 person loses example example.write")
          .contains("ana@example.com: loses example example.write");
      assertThat(ran.exit()).isZero();
      assertThat(library("plan", "--against", draft.toString(), "--fail-on-loss").exit())
          .isEqualTo(1);
    }

    @Test
    void is_json_and_a_page_too() throws Exception {
      var page = folder.resolve("plan.html");

      var ran = library("plan", "--json", "--html", page.toString());

      assertThat(JsonObject.parse(ran.out()).integer("people_who_lose")).contains(0L);
      assertThat(Files.readString(page)).startsWith("<!doctype html>").doesNotContain("<script");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(page)))
          .isEqualTo("rw-------");
    }
  }

  @Nested
  @DisplayName("The folder is the truth, unless the configuration says otherwise")
  class FromFiles {
    @Test
    void a_start_keeps_the_folder_as_a_version() {
      try (var _ = start()) {
        assertThat(library("history").out()).contains("folder");
      }
      assertThat(library("propose", "--as", "ana", "--key", "x", "-m", "y").exit()).isEqualTo(1);
    }

    @Test
    void a_change_of_the_folder_is_in_the_history() throws IOException {
      try (var _ = start()) {
        takeWriteFromEngineering();
        Soon.until(() ->
            library("history").out().contains("\n2 ") || library("history").out().startsWith("2 "));
      }
      assertThat(library("diff", "1", "2").out())
          .contains("-      example: [example.read, example.write]")
          .contains("+      example: [example.read]");
      assertThat(library("show", "1").out()).contains("example.write");
    }
  }

  @Test
  @DisplayName("a role for agents has nobody whose client could be set up")
  void setup_for_a_role_of_agents() throws IOException {
    Files.writeString(
        library.resolve("robots.yaml"),
        "roles:\n  robots:\n    owner: ana@example.com\n    agents: [robot]\n"
            + "    connectors: {example: [example.read]}\n");
    for (var role : List.of("robots", "nobody")) {
      var ran = installed.here("setup", "--role", role, "--client", "generic");
      assertThat(ran.exit()).as(ran.out()).isEqualTo(1);
      assertThat(ran.err())
          .contains(role.equals("robots") ? "is for agents" : "has no role 'nobody'");
    }
  }

  @Nested
  @DisplayName("Only what two people have signed acts")
  class Approved {
    private Path ana;
    private Path ben;

    @BeforeEach
    void approvers() throws IOException {
      ana = folder.resolve("ana.key");
      ben = folder.resolve("ben.key");
      var entries = key("ana", ana) + key("ben", ben);
      Files.writeString(
          installed.configuration().resolveSibling("approvers.yaml"), "approvers:\n" + entries);
      installed.replace(
          "library: library\n",
          "library:\n  folder: library\n  publication: approved\n  approvers: approvers.yaml\n");
    }

    private String key(String name, Path file) {
      var ran = installed.run("approver", "key", file.toString(), "--name", name);
      assertThat(ran.exit()).as(ran.err()).isZero();
      return ran.out().replace("[propose, approve]", "[propose, approve, emergency]");
    }

    private Ran signed(String name, Path key, String... arguments) {
      var all = new ArrayList<>(List.of(arguments));
      all.addAll(List.of("--as", name, "--key", key.toString(), "-m", "because"));
      return library(all.toArray(String[]::new));
    }

    private String proposal(Ran ran) {
      assertThat(ran.exit()).as(ran.err()).isZero();
      return ran.out().replaceFirst("(?s).*Proposal (\\S+?)\\. .*", "$1");
    }

    private void publish() {
      var id = proposal(signed("ana", ana, "propose"));
      var ran = signed("ben", ben, "approve", id, "--publish");
      assertThat(ran.exit()).as(ran.err()).isZero();
    }

    @Test
    void nothing_starts_before_the_first_publication() {
      assertThatThrownBy(LibraryCommandTest.this::start)
          .isInstanceOf(FaultyFileException.class)
          .hasMessageContaining("nothing has been published yet");
    }

    @Test
    void a_change_of_the_folder_acts_when_it_is_published_and_not_before() throws Exception {
      publish();
      try (var lanyard = start()) {
        var first = version(lanyard);
        takeWriteFromEngineering();
        assertThat(library("plan").out()).contains("1 person loses example example.write");
        var id = proposal(signed("ana", ana, "propose"));
        assertThat(signed("ana", ana, "approve", id).err()).contains("one person");
        assertThat(library("publish").err()).contains("nobody has approved");
        assertThat(signed("ben", ben, "approve", id).exit()).isZero();
        assertThat(version(lanyard)).isEqualTo(first);

        // As a pipeline does from a clean checkout.
        assertThat(library("publish").exit()).isZero();

        Soon.until(() -> !version(lanyard).equals(first));
        assertThat(library("history").out()).contains("approved by ben: because");
      }
    }

    @Test
    @DisplayName("a kill takes a connector's name from what is in force, not from the draft")
    void a_kill_by_name_does_not_read_the_draft() throws IOException {
      publish();
      var connectors = library.resolve("connectors.yaml");
      Files.writeString(
          connectors,
          Files.readString(connectors)
              .replace("https://localhost:9443/mcp", "https://d.example/m"));
      var off = installed.here("disable", "--connector", "example", "--yes-i-mean", "example");
      assertThat(off.exit()).as(off.err()).isZero();
      assertThat(installed.here("audit", "--type", "connector.disabled").out())
          .contains("https://localhost:9443/mcp")
          .doesNotContain("d.example");

      Files.writeString(connectors, "connectors: [");
      var on = installed.here("enable", "--connector", "example");
      assertThat(on.exit()).as(on.err()).isZero();
      assertThat(installed.here("exposure", "--all").exit()).isZero();
    }

    @Test
    @DisplayName("an emergency is no reason to publish what no server could start with")
    void what_cannot_be_read_is_not_published() throws Exception {
      publish();
      Files.writeString(library.resolve("roles.yaml"), "roles: 7");

      var ran = signed("ana", ana, "publish", "--emergency");

      assertThat(ran.exit()).isEqualTo(1);
      assertThat(ran.err()).contains("roles.yaml", "nothing was done");
      try (var lanyard = start()) {
        assertThat(version(lanyard)).isNotEmpty();
      }
    }

    @Test
    @DisplayName("the way back from a version that this release cannot read is a proposal, too")
    void a_base_that_cannot_be_read() throws Exception {
      publish();
      takeWriteFromEngineering();
      publish();
      var config = ConfigurationFile.read(installed.configuration(), Map.of());
      try (var database = Database.open(config.database(), Clock.systemUTC())) {
        var last = new History(database).last().orElseThrow().version();
        database.write(connection ->
            new Statements(connection)
                .update(
                    "UPDATE library_file SET content = 'roles: 7' WHERE name = 'roles.yaml' AND"
                        + " version = ?",
                    last));
      }

      var ran = signed("ana", ana, "rollback", "1");

      assertThat(ran.exit()).as(ran.err() + ran.out()).isZero();
      assertThat(ran.err()).contains("cannot be read", "Compared with version");
      var id = ran.out().replaceFirst("(?s).*Proposal (\\S+?): .*", "$1");
      var approved = signed("ben", ben, "approve", id, "--publish");
      assertThat(approved.exit()).as(approved.err()).isZero();
    }

    /// What is in the folder, as an administrator would have written it in the console.
    private void handIn(String id) {
      var config = ConfigurationFile.read(installed.configuration(), Map.of());
      try (var database = Database.open(config.database(), Clock.systemUTC())) {
        var history = new History(database);
        var inForce = history.files(history.last().orElseThrow().version()).orElseThrow();
        var text = LibrarySource.of(library).files().get("roles.yaml");
        var edit = new Draft.Edit(inForce.version(), text);
        var drafts = new Drafts(database);
        var now = Instant.now(Clock.systemUTC());
        assertThat(drafts.save("carla", drafts.of("carla").with("roles.yaml", edit, inForce), now))
            .isTrue();
        var draft = drafts.of("carla");
        var files = draft.over(inForce);
        var submission =
            new Submission(
                id,
                "carla",
                inForce.version(),
                files.version(),
                "less",
                JsonObject.EMPTY,
                now,
                Optional.empty(),
                Optional.empty());
        assertThat(
                database.<Object>write(
                    connection -> Drafts.handIn(connection, draft, files, submission)))
            .isEqualTo(new Drafts.HandedIn.Done());
      }
    }

    @Test
    void a_draft_of_the_console_is_proposed_as_ones_own() throws Exception {
      publish();
      takeWriteFromEngineering();
      handIn("draft-3f9x2abk");
      Files.writeString(library.resolve("roles.yaml"), "roles: 7");
      assertThat(library("show", "draft-3f9x2abk").out()).contains("example: [example.read]\n");
      assertThat(signed("ana", ana, "propose", "x", "--submission", "draft-3f9x2abk").err())
          .contains("not both");

      var id = proposal(signed("ana", ana, "propose", "--submission", "draft-3f9x2abk"));
      assertThat(signed("ben", ben, "approve", id, "--publish").exit()).isZero();

      assertThat(library("show").out()).contains("example: [example.read]\n");
      assertThat(library("history").out()).contains("approved by ben: because");
    }

    @Test
    void a_draft_that_was_taken_back_is_not_proposed() throws Exception {
      publish();
      takeWriteFromEngineering();
      handIn("draft-3f9x2abk");
      var config = ConfigurationFile.read(installed.configuration(), Map.of());
      try (var database = Database.open(config.database(), Clock.systemUTC())) {
        var submission = new History(database).submission("draft-3f9x2abk").orElseThrow();
        var now = Instant.now(Clock.systemUTC());
        assertThat(
                database.<Boolean>write(
                    connection -> Drafts.withdraw(connection, submission, "carla", now)))
            .isTrue();
      }

      assertThat(signed("ana", ana, "propose", "--submission", "draft-3f9x2abk").err())
          .contains("has taken it back");
    }

    @Test
    void an_emergency_is_loud_until_somebody_else_has_looked_at_it() throws Exception {
      publish();
      takeWriteFromEngineering();

      assertThat(signed("ana", ana, "publish", "--emergency").exit()).isZero();

      assertThat(library("history").out()).contains("REVIEW DUE");
      assertThat(signed("ana", ana, "review", "2").exit()).isEqualTo(1);
      assertThat(signed("ben", ben, "review", "2").exit()).isZero();
      assertThat(library("history").out()).contains("reviewed by ben: because");
    }

    @Test
    void every_command_reads_what_is_in_force_and_a_folder_where_one_is_named() throws Exception {
      publish();
      takeWriteFromEngineering();
      var draft = library.toString();

      assertThat(here("inherit", "--group", "engineering").out())
          .contains("example.write", "what is published, which is in force");
      assertThat(here("inherit", "--group", "engineering", "-l", draft).out())
          .doesNotContain("example.write")
          .contains("folder " + draft);

      var write = List.of("explain", "--user", "ana@example.com", "--connector", "example");
      assertThat(here(write, "--scope", "example.write").exit()).isZero();
      assertThat(here(write, "--scope", "example.write", "-l", draft).exit()).isEqualTo(1);

      assertThat(here("setup", "--role", "engineering", "--client", "generic").out())
          .contains("example.write");
      assertThat(here("setup", "--role", "engineering", "--client", "generic", "-l", draft).out())
          .doesNotContain("example.write");
    }

    @Test
    void the_check_says_what_it_has_checked() throws Exception {
      publish();
      Files.writeString(library.resolve("roles.yaml"), "roles: 7");

      assertThat(library("check").out())
          .contains("Checked: what is published, which is in force", "0 errors");
      assertThat(JsonObject.parse(library("check", "--json").out()).bool("in_force"))
          .contains(true);
      var draft = library("check", "-l", library.toString());
      assertThat(draft.exit()).isEqualTo(1);
      assertThat(draft.out()).contains("Checked: folder " + library);
      assertThat(here("doctor").out())
          .contains("ok   role library: in force is what was published: 1 connectors")
          .contains("BAD  draft of the role library");
    }

    @Test
    void a_publication_that_nobody_signed_is_not_taken_for_what_is_in_force() throws Exception {
      publish();
      var record = installed.configuration().resolveSibling("data/lanyard.db");
      try (var connection = DriverManager.getConnection("jdbc:sqlite:" + record);
          var forge = connection.createStatement()) {
        forge.executeUpdate(
            "UPDATE library_publication SET kind = 'emergency', statement = 'forged'");
      }

      for (var command :
          List.of(
              List.of("inherit", "--group", "engineering"),
              List.of("library", "check"),
              List.of("setup", "--role", "engineering", "--client", "generic"),
              List.of("explain", "--user", "ana@example.com", "--connector", "example"))) {
        var ran = here(command);
        assertThat(ran.exit()).as(command.toString()).isEqualTo(1);
        assertThat(ran.err() + ran.out()).contains("publication 1 is not acceptable");
      }
      // Whoever must be stopped is stopped all the same.
      assertThat(here("person", "disable", "ana@example.com").exit()).isZero();
    }

    private Ran here(List<String> command, String... more) {
      var all = new ArrayList<>(command);
      all.addAll(List.of(more));
      return here(all.getFirst(), all.subList(1, all.size()).toArray(String[]::new));
    }

    private Ran here(String command, String... more) {
      return installed.here(command, more);
    }

    @Test
    void a_rollback_takes_the_same_way() throws Exception {
      publish();
      takeWriteFromEngineering();
      publish();

      var ran = signed("ana", ana, "rollback", "1");

      assertThat(ran.out()).contains("0 people would lose and 1 gain something");
      assertThat(library("history").out()).contains("waits for an answer");
    }

    @Test
    void a_key_that_others_can_read_signs_nothing() throws Exception {
      Files.setPosixFilePermissions(
          ana, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));

      assertThat(signed("ana", ana, "propose").err()).contains("chmod 600");
    }

    @Test
    void a_key_with_a_passphrase_signs_with_it_only() throws Exception {
      var passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse battery\n");
      var file = folder.resolve("eve.key");
      var entry =
          installed.run(
              "approver",
              "key",
              file.toString(),
              "--name",
              "eve",
              "--passphrase-file",
              passphrase.toString());
      assertThat(entry.exit()).as(entry.err()).isZero();
      var approvers = installed.configuration().resolveSibling("approvers.yaml");
      Files.writeString(approvers, Files.readString(approvers) + entry.out());

      assertThat(signed("eve", file, "propose").err()).contains("--passphrase-file");
      var wrong = Files.writeString(folder.resolve("wrong"), "another one entirely");
      assertThat(signed("eve", file, "propose", "--passphrase-file", wrong.toString()).err())
          .contains("is another one");
      var proposed = signed("eve", file, "propose", "--passphrase-file", passphrase.toString());
      assertThat(proposed.exit()).as(proposed.err()).isZero();
    }

    @Test
    void a_broken_draft_is_not_proposed() throws Exception {
      Files.writeString(library.resolve("roles.yaml"), "roles: 7");

      assertThat(signed("ana", ana, "propose").exit()).isEqualTo(1);
      assertThat(library("history").out()).contains("Nothing has been published yet.");
    }
  }

  @Nested
  @DisplayName("lanyard setup")
  class SetUp {
    @Test
    void replaces_files_and_follows_no_link() throws Exception {
      var out = Files.createDirectory(folder.resolve("client"));
      var elsewhere = Files.writeString(folder.resolve("elsewhere"), "mine");
      var command =
          new String[] {
            "--user", "ana@example.com", "--client", "claude-code", "--out", out.toString()
          };
      Files.writeString(out.resolve("setup.sh"), "old".repeat(10_000));
      Files.createSymbolicLink(out.resolve(".mcp.json"), elsewhere);

      var ran = installed.here("setup", command);

      assertThat(ran.exit()).isEqualTo(1);
      assertThat(ran.err()).contains(out.resolve(".mcp.json") + " is a symbolic link; nothing");
      assertThat(elsewhere).hasContent("mine");
      Files.delete(out.resolve(".mcp.json"));
      assertThat(installed.here("setup", command).exit()).isZero();
      assertThat(Files.readString(out.resolve("setup.sh"))).doesNotContain("oldold");
    }

    @Test
    void writes_what_a_person_may_have() throws Exception {
      var out = folder.resolve("client");

      var ran =
          installed.here(
              "setup",
              "--user",
              "ana@example.com",
              "--client",
              "claude-code",
              "--out",
              out.toString());

      assertThat(ran.exit()).as(ran.err()).isZero();
      assertThat(Files.readString(out.resolve("setup.sh"))).contains("claude mcp xaa setup");
      assertThat(JsonObject.parse(Files.readString(out.resolve(".mcp.json"))).object("mcpServers"))
          .get()
          .extracting(JsonObject::names)
          .isEqualTo(java.util.Set.of("example"));
    }

    @Test
    void writes_what_a_role_has_and_refuses_what_there_is_not() {
      assertThat(installed.here("setup", "--role", "sales", "--client", "vscode").out())
          .contains("McpEnterpriseManagedAuthIdp");
      assertThat(installed.here("setup", "--role", "nope", "--client", "vscode").err())
          .contains("no role 'nope'");
      assertThat(installed.here("setup", "--role", "sales", "--client", "emacs").err())
          .contains("none of claude-code, vscode, generic");
    }

    @Test
    void gives_a_disabled_person_nothing() {
      installed.here("person", "disable", "ana@example.com");

      assertThat(installed.here("setup", "--user", "ana@example.com", "--client", "generic").err())
          .contains("is disabled");
    }
  }

  @Test
  void report_day_one_says_that_nothing_was_issued_yet() {
    var ran = installed.here("report", "day-one");

    assertThat(ran.out()).contains("No identity assertion was issued");
    assertThat(ran.exit()).isZero();
  }

  @Test
  void report_day_one_says_what_retention_has_removed() {
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    var now = Clock.systemUTC().instant();
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      new AuditLog(database)
          .append(
              AuditEvent.of(
                  "audit.removed",
                  Outcome.SUCCESS,
                  now,
                  "retention",
                  JsonObject.builder()
                      .put("class", "issuance")
                      .put("before", now.toString())
                      .build()));
    }

    assertThat(installed.here("report", "day-one").out())
        .contains("in what is left of these months", "removed the records from before " + now);
    assertThat(installed.here("report", "day-one", "--json").out())
        .contains("removed_before", now.toString());
  }

  private Lanyard start() {
    return Lanyard.start(
        ConfigurationFile.read(installed.configuration(), Map.of()), Clock.systemUTC());
  }

  private static String version(Lanyard lanyard) {
    return lanyard.audit().query(AuditQuery.newest(1).ofType("policy.loaded")).stream()
        .map(record -> record.event().evidence().text("version").orElse(""))
        .findFirst()
        .orElse("");
  }
}
