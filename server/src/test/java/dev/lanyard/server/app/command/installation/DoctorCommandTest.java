package dev.lanyard.server.app.command.installation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard doctor looks as the server does, and changes nothing")
class DoctorCommandTest {
  private static final String LAST = "(SELECT max(installed_rank) FROM flyway_schema_history)";

  @TempDir Path folder;
  private Installed installed;

  @BeforeEach
  void init() throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
  }

  private Path file(String name) {
    return installed.configuration().resolveSibling(name);
  }

  @Test
  void a_key_of_another_certificate_is_found() throws IOException {
    var other = Installed.in(folder.resolve("other"));
    Files.copy(
        other.configuration().resolveSibling("tls/server.key"),
        Files.createDirectories(folder.resolve("keys")).resolve("server.key"));
    Files.delete(file("tls/server.key"));
    Files.copy(folder.resolve("keys/server.key"), file("tls/server.key"));

    assertThat(installed.here("doctor").out())
        .contains("BAD  broker certificate", "BAD  RAS certificate")
        .contains("is not the private key of the first certificate in");
  }

  @Test
  void a_key_that_is_missing_is_named() throws IOException {
    Files.delete(file("tls/server.key"));

    assertThat(installed.here("doctor").out())
        .contains("BAD  broker certificate: there is no " + file("tls/server.key"));
  }

  @Test
  void which_crypto_is_active_is_told_without_a_configuration() throws IOException {
    Files.writeString(installed.configuration(), "broker: [");

    var ran = installed.here("doctor");

    assertThat(ran.exit()).isNotZero();
    assertThat(ran.out()).contains("ok   java: ", "crypto: ");
  }

  @Test
  void what_is_told_is_told_once() {
    assertThat(installed.here("doctor").out())
        .containsOnlyOnce("java: ")
        .containsOnlyOnce("crypto: ");
  }

  @Test
  void a_folder_of_secrets_that_others_may_use_is_named() throws IOException {
    var secrets = file("secrets");
    assertThat(installed.here("doctor").out()).doesNotContain("secrets: others");

    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(installed.here("doctor").out())
        .contains("note secrets: others than its owner may look into " + secrets)
        .contains("run 'chmod 700 " + secrets + "'");

    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rwxrwxr-x"));
    assertThat(installed.here("doctor").out())
        .contains("BAD  secrets: others than its owner may put files into " + secrets);

    // As Kubernetes mounts them: nobody can replace what is another's.
    Files.setAttribute(secrets, "unix:mode", 01777);
    assertThat(installed.here("doctor").out())
        .doesNotContain("BAD  secrets:")
        .contains("note secrets: others than its owner may look into " + secrets);
  }

  @Test
  void a_file_of_the_audit_record_that_everybody_may_read_is_named() throws IOException {
    var yaml = installed.configuration();
    Files.writeString(
        yaml,
        Files.readString(yaml)
            + "\nexports: [{name: archive, format: json, to: file, path: data/audit.jsonl}]\n");
    var exported = Files.createFile(file("data/audit.jsonl"));
    Files.setPosixFilePermissions(exported, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(installed.here("doctor").out())
        .contains("BAD  export archive: everybody on this machine may use", "chmod o= ");
  }

  @Test
  @DisplayName("a database that came back from a backup may have rights that nobody meant")
  void a_database_that_everybody_may_read_is_named() throws IOException {
    assertThat(installed.here("doctor").out()).doesNotContain("database file");
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    var file = Files.createFile(config.database().file().orElseThrow());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(installed.here("doctor").out())
        .contains("BAD  database file: everybody on this machine may use " + file);
  }

  @Test
  @DisplayName("what a trial on one machine needs lays open the machine of a real installation")
  void loopback_that_is_left_open_is_named() throws IOException {
    assertThat(installed.here("doctor").out()).doesNotContain("outbound.loopback");

    installed.replace("https://localhost", "https://login.invalid");
    assertThat(installed.here("doctor").out())
        .contains("note outbound.loopback: https://login.invalid:");

    installed.replace("loopback: true", "loopback: false");
    assertThat(installed.here("doctor").out()).doesNotContain("outbound.loopback");
  }

  private String url() {
    return ConfigurationFile.read(installed.configuration(), Map.of()).database().url();
  }

  private List<Integer> sql(String change) throws SQLException {
    try (var connection = DriverManager.getConnection(url());
        var statement = connection.createStatement()) {
      statement.executeUpdate(change);
      try (var rows = statement.executeQuery("SELECT count(*) FROM flyway_schema_history")) {
        rows.next();
        return List.of(rows.getInt(1));
      }
    }
  }

  private void assertUntouched(List<Integer> before, String told) throws SQLException {
    assertThat(installed.here("doctor").out()).contains("BAD  database: ").contains(told);
    var explained =
        installed.here("explain", "--user", "ana@example.com", "--connector", "example");
    assertThat(explained.exit()).isNotZero();
    assertThat(explained.err()).contains(told).doesNotContain("\tat ");
    assertThat(sql("DELETE FROM flyway_schema_history WHERE 1 = 0")).isEqualTo(before);
  }

  @Test
  @DisplayName("where there is nothing yet it makes nothing, and says how it comes about")
  void nothing_yet() throws IOException, SQLException {
    var record = file("data/lanyard.db");
    for (var suffix : List.of("", "-wal", "-shm", ".migration")) {
      Files.deleteIfExists(record.resolveSibling(record.getFileName() + suffix));
    }
    var told = "there is nothing in the database yet. 'lanyard serve' creates its tables";

    assertThat(installed.here("doctor").out())
        .containsOnlyOnce(told)
        .contains("BAD  database: " + told, "role library: in force is the folder");
    var explained =
        installed.here("explain", "--user", "ana@example.com", "--connector", "example");
    assertThat(explained.exit()).isNotZero();
    assertThat(explained.err()).contains(told);
    assertThat(installed.here("explain", "--agent", "a", "--connector", "example").out())
        .as("what is in files needs no database")
        .contains("REFUSED");
    assertThat(record).doesNotExist();

    // Nor in a file that is there, and empty.
    Files.createFile(record);
    assertThat(installed.here("doctor").out()).contains("BAD  database: " + told);
    assertThat(installed.here("explain", "--user", "ana", "--connector", "example").err())
        .contains(told)
        .doesNotContain("Is the database running");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + record);
        var statement = connection.createStatement();
        var tables = statement.executeQuery("SELECT name FROM sqlite_master")) {
      assertThat(tables.next()).as("a table").isFalse();
    }
  }

  @Test
  void an_older_database_is_not_migrated_but_named() throws SQLException {
    assertThat(installed.here("person", "list").exit()).isZero();
    var before = sql("DELETE FROM flyway_schema_history WHERE installed_rank = " + LAST);

    assertUntouched(before, "the database is older than this program");
  }

  @Test
  void a_newer_database_is_named() throws SQLException {
    assertThat(installed.here("person", "list").exit()).isZero();
    var before =
        sql(
            "INSERT INTO flyway_schema_history SELECT installed_rank + 1, '9999', description, type,"
                + " 'V9999__later.sql', checksum, installed_by, installed_on, execution_time,"
                + " success FROM flyway_schema_history WHERE installed_rank = "
                + LAST);

    assertUntouched(before, "migrated by a newer version of this program");
  }
}
