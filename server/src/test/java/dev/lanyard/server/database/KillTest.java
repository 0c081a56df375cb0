package dev.lanyard.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("kill -9 under load loses nothing that was answered, and no claim is won twice")
@Tag("thorough")
class KillTest {
  private static final int ROUNDS = 3;
  private static final int ACKNOWLEDGED = 400;

  /// How many claims of one round the next tries again.
  private static final int OVERLAP = 300;

  @Test
  void on_sqlite(@TempDir Path folder) throws Exception {
    killAndCheck(TestDatabases.sqlite(folder));
  }

  @Test
  void on_postgres() throws Exception {
    killAndCheck(TestDatabases.postgres());
  }

  private static void killAndCheck(DatabaseConfig config) throws Exception {
    var won = new HashSet<String>();
    var answered = new TreeSet<String>();
    for (int round = 0; round < ROUNDS; round++) {
      runAndKill(config, round * (ACKNOWLEDGED - OVERLAP), won, answered);
      try (var database = Database.open(config, GroupCommitContract.CLOCK)) {
        nothingAcknowledgedIsLost(database, won);
        nothingIsHalfWritten(database);
        for (var id : won) {
          assertThat(database.groupCommit().commit(KilledProcess.unit(id)))
              .as("the claim %s was won before", id)
              .isEqualTo(Outcome.TAKEN);
        }
      }
    }
    assertThat(answered).hasSizeGreaterThan(ACKNOWLEDGED);
  }

  private static void runAndKill(
      DatabaseConfig config, int first, Set<String> won, Set<String> answered) throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledProcess.class.getName(),
                config.url(),
                String.valueOf(first))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < ACKNOWLEDGED; i++) {
        note(lines.readLine(), won, answered);
      }
      // SIGKILL, while the load goes on; what the process had said by then counts.
      process.toHandle().destroyForcibly();
      readRest(lines, won, answered);
    }
    assertThat(process.waitFor()).as("it was killed").isEqualTo(137);
  }

  private static void readRest(BufferedReader lines, Set<String> won, Set<String> answered)
      throws IOException {
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      // The last line may be cut in the middle.
      if (line.endsWith(Outcome.FIRST.name()) || line.endsWith(Outcome.TAKEN.name())) {
        note(line, won, answered);
      }
    }
  }

  private static void note(String line, Set<String> won, Set<String> answered) {
    var parts = line.split(" ");
    answered.add(parts[0]);
    if (parts[1].equals(Outcome.FIRST.name())) {
      assertThat(won.add(parts[0])).as("%s is won once", parts[0]).isTrue();
    }
  }

  private static void nothingAcknowledgedIsLost(Database database, Set<String> won) {
    assertThat(column(database, "SELECT proof_id FROM dpop_proof")).containsAll(won);
    assertThat(column(database, "SELECT value FROM deny")).containsAll(won);
    assertThat(column(database, "SELECT correlation_id FROM audit WHERE person = 'first'"))
        .containsAll(won);
  }

  private static void nothingIsHalfWritten(Database database) {
    var claims = column(database, "SELECT proof_id FROM dpop_proof");
    assertThat(column(database, "SELECT value FROM deny")).isEqualTo(claims);
    assertThat(column(database, "SELECT correlation_id FROM audit WHERE person = 'first'"))
        .isEqualTo(claims);
  }

  private static Set<String> column(Database database, String select) {
    return database.read(connection -> {
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery(select)) {
        var values = new TreeSet<String>();
        while (rows.next()) {
          assertThat(values.add(rows.getString(1))).as("once").isTrue();
        }
        return values;
      }
    });
  }
}
