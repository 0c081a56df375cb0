package dev.lanyard.server.app.command.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard library and inherit")
class LibraryCommandsTest {
  private Installed installed;
  private Path library;

  @BeforeEach
  void install(@TempDir Path folder) throws IOException {
    installed = Installed.in(folder.resolve("installation"));
    library = folder.resolve("mine");
  }

  private Installed.Ran library(String command, String... more) {
    var arguments = new String[more.length + 4];
    arguments[0] = "library";
    arguments[1] = command;
    arguments[2] = "-l";
    arguments[3] = library.toString();
    System.arraycopy(more, 0, arguments, 4, more.length);
    return installed.run(arguments);
  }

  private void init() {
    assertThat(installed.run("library", "init", library.toString()).exit()).isZero();
  }

  @Test
  void init_writes_a_library_that_passes_the_check() {
    init();

    assertThat(library.resolve("engineering.yaml")).exists();
    assertThat(library.resolve("library.schema.json")).exists();
    var checked = library("check");
    assertThat(checked.exit()).isZero();
    assertThat(checked.out()).contains("0 errors").contains("unreviewed-grades");
    assertThat(library("check", "--strict").exit()).isEqualTo(1);
  }

  @Test
  void init_overwrites_nothing_and_knows_its_templates() {
    init();

    var again = installed.run("library", "init", library.toString());
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains("has a library already; nothing was changed");
    assertThat(installed.run("library", "init", "elsewhere", "--roles", "legal").err())
        .contains("no template for 'legal'; there are: engineering");
  }

  @Test
  void init_of_a_whole_installation_passes_the_check() {
    var checked =
        installed.run("library", "check", "--people", "-c", installed.configuration().toString());
    assertThat(checked.out()).contains("0 errors").contains("role-without-members");
    assertThat(checked.exit()).isZero();
  }

  @Test
  void check_tells_a_pipeline_where_and_what_to_do() throws Exception {
    init();
    var file = library.resolve("design.yaml");
    Files.writeString(file, Files.readString(file).replace("canva: []", "canvas: []"));

    var checked = library("check");
    assertThat(checked.exit()).isEqualTo(1);
    assertThat(checked.out())
        .contains("design.yaml:14: error: there is no connector 'canvas'; did you mean 'canva'?");
    var json = library("check", "--json");
    assertThat(json.exit()).isEqualTo(1);
    var finding = JsonObject.parse(json.out()).objects("findings").orElseThrow().getFirst();
    assertThat(finding.string("code")).contains("not-readable");
    assertThat(finding.integer("line")).contains(14L);
  }

  @Test
  void inherit_shows_what_a_new_hire_has() throws Exception {
    init();

    var told = library("inherit", "--group", "engineering");
    assertThat(told.exit()).isZero();
    assertThat(told.out())
        .contains("A new member of engineering has, without a ticket and without a consent screen")
        .containsPattern("linear +scopes read write")
        .contains("by role engineering")
        .contains("tools: create_comment, create_issue, get_issue, list_issues, update_issue")
        .containsPattern("supabase +after a better sign-in")
        .contains("hidden: apply_migration, execute_sql")
        .containsPattern(
            "(?s)after a step of their own:.*supabase.*first: have an account there \\(2026");
    var json = JsonObject.parse(library("inherit", "--group", "design", "--json").out());
    assertThat(json.objects("connectors").orElseThrow())
        .extracting(one -> one.string("connector").orElseThrow())
        .containsExactly("canva", "figma", "linear", "notion", "slack");
  }

  @Test
  void inherit_is_a_command_of_its_own_and_says_nothing_for_nobody() {
    init();

    var told = installed.run("inherit", "-l", library.toString(), "--group", "legal");
    assertThat(told.exit()).isEqualTo(1);
    assertThat(told.out()).contains("Nothing: no role of the library leads from legal");
  }

  @Test
  void inherit_of_a_folder_gets_on_without_a_configuration_that_cannot_be_read()
      throws IOException {
    init();
    Files.writeString(installed.configuration(), "broker: 7\n");

    var told = installed.here("inherit", "-l", library.toString(), "--group", "engineering");
    assertThat(told.exit()).isZero();
    assertThat(told.out()).containsPattern("linear +scopes read write");
    assertThat(told.err()).contains("Without " + installed.configuration(), "cannot be read");
    assertThat(installed.here("inherit", "--group", "engineering").exit()).isNotZero();
  }

  @Test
  void schema_prints_the_schema() throws Exception {
    var schema = JsonObject.parse(installed.run("library", "schema").out());
    assertThat(schema.string("title")).contains("Lanyard role library");
  }
}
