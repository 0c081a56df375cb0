package dev.lanyard.server.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.Reload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A broken library never replaces a working one, at the start neither")
class FolderLibraryTest {
  @TempDir private Path data;
  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private final Council council = new Council();
  private Database database;

  @BeforeEach
  void open() throws IOException {
    database = Database.open(TestDatabases.sqlite(data), clock);
    write(Council.library(List.of("issues.read")));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void write(LibrarySource files) throws IOException {
    for (var file : files.files().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private FolderLibrary start() {
    return FolderLibrary.open(
        folder,
        new Publications(
            database, council.trust(), ApproverPeople.UNKNOWN, Duration.ofDays(3), clock));
  }

  @Test
  @DisplayName("an installation that begins to ask for signatures signs what it has")
  void its_content_can_be_signed_as_it_is() {
    var worked = start().current();
    var publications =
        new Publications(
            database, council.trust(), ApproverPeople.UNKNOWN, Duration.ofDays(3), clock);
    assertThatThrownBy(() -> ApprovedLibrary.open(database, council.trust()))
        .hasMessageContaining("propose, approve and publish it");
    var files = Council.library(List.of("issues.read"));

    var proposed = publications.propose(files, JsonObject.EMPTY, council.author("ana"));
    var id = ((Step.Proposed) proposed).proposal().id();
    var _ = publications.answer(id, true, council.author("ben"));

    assertThat(publications.publish(id, "test")).isInstanceOf(Step.Published.class);
    assertThat(ApprovedLibrary.open(database, council.trust()).current().version())
        .isEqualTo(worked.version());
    assertThat(publications.propose(files, JsonObject.EMPTY, council.author("ana")))
        .isInstanceOf(Step.Unchanged.class);
  }

  private void spoil() throws IOException {
    Files.writeString(folder.resolve("spoilt.yaml"), "roles: {broken: {}}");
  }

  @Test
  void the_version_of_the_last_run_stands_in_and_the_faults_are_told() throws IOException {
    var worked = start().current();
    spoil();

    var after = start();

    assertThat(after.current()).isEqualTo(worked);
    var _ = after.poll();
    assertThat(after.poll()).isInstanceOf(Reload.Refused.class);
    assertThat(after.current()).isEqualTo(worked);
  }

  @Test
  void a_file_that_is_within_itself_is_faulty_like_any_other() throws IOException {
    var worked = start().current();
    Files.writeString(folder.resolve("spoilt.yaml"), "roles: &all {broken: *all}");

    var after = start();

    assertThat(after.current()).isEqualTo(worked);
    var _ = after.poll();
    assertThat(after.poll()).isInstanceOf(Reload.Refused.class);
  }

  @Test
  void files_that_are_mended_act_again() throws IOException {
    var _ = start();
    spoil();
    var after = start();
    Files.delete(folder.resolve("spoilt.yaml"));
    write(Council.library(List.of("issues.read", "issues.write")));

    var _ = after.poll();

    assertThat(after.poll()).isInstanceOf(Reload.Loaded.class);
    assertThat(after.current().version())
        .isEqualTo(Council.library(List.of("issues.read", "issues.write")).version());
  }

  @Test
  void where_nothing_ever_worked_nothing_starts() throws IOException {
    spoil();

    assertThatThrownBy(this::start)
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining("spoilt.yaml");
  }

  @Test
  @DisplayName("A kept version whose files were changed in the database does not stand in")
  void altered_files_do_not_stand_in() throws Exception {
    var _ = start();
    spoil();
    database.write(connection -> {
      try (var update =
          connection.prepareStatement("UPDATE library_file SET content = content || '# '")) {
        return update.executeUpdate();
      }
    });

    assertThatThrownBy(this::start).isInstanceOf(FaultyFileException.class);
  }
}
