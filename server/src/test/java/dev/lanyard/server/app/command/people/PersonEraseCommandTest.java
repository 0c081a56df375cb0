package dev.lanyard.server.app.command.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.app.Installed;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard person erase: who somebody was is told nowhere, and what is left is said")
class PersonEraseCommandTest {
  private static final String ANA = "ana@trace.example";

  private Installed installed;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
    add();
  }

  private void add() {
    var config = installed.configuration().toString();
    var added = installed.typing("a password of hers", "person", "add", ANA, "-c", config);
    assertThat(added.exit()).as(added.err()).isZero();
  }

  private String id() {
    return installed
        .here("person", "list")
        .out()
        .lines()
        .filter(line -> line.contains(ANA))
        .map(line -> line.split(" ")[0])
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("Nobody who is active, nobody who is unknown")
  void refused() {
    var active = installed.here("person", "erase", ANA);
    assertThat(active.exit()).isNotZero();
    assertThat(active.err()).contains("is active; run 'lanyard person disable' first");
    assertThat(installed.here("person", "erase", "nobody").err()).contains("nobody is called");
    assertThat(installed.here("person", "list").out()).contains(ANA);
  }

  @Test
  @DisplayName("Somebody kept here is gone from the record and the list; once more changes nothing")
  void kept_here() {
    var id = id();
    installed.here("person", "disable", ANA);
    assertThat(installed.here("audit", "--person", id).out()).contains(id);

    var erased = installed.here("person", "erase", ANA);

    assertThat(erased.exit()).as(erased.err()).isZero();
    assertThat(erased.out())
        .contains(
            "Erased from the audit record: " + id,
            "gone from the list of people too",
            "docs/audit.md");
    assertThat(installed.here("person", "list").out()).doesNotContain(ANA, id);
    assertThat(installed.here("audit", "--json", "--last", "1000").out())
        .contains(id)
        .doesNotContain(ANA);
    var again = installed.here("person", "erase", id);
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(again.out()).contains("They had left the list of people before.");
  }

  @Test
  @DisplayName("Under the same name somebody else can be added, with another id")
  void added_anew() {
    var before = id();
    installed.here("person", "disable", ANA);
    installed.here("person", "erase", ANA);
    add();
    assertThat(id()).isNotEqualTo(before);
  }

  @Test
  @DisplayName("A hold forbids all of it")
  void held() {
    var id = id();
    installed.here("person", "disable", ANA);
    installed.here("audit", "hold", "place", "--person", id, "--reason", "a lawsuit");

    var erased = installed.here("person", "erase", ANA);

    assertThat(erased.exit()).isNotZero();
    assertThat(erased.err()).contains("a hold forbids it");
    assertThat(installed.here("person", "list").out()).contains(ANA);
  }
}
