package dev.lanyard.server.app.command.installation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.app.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("lanyard init writes a whole set-up or nothing")
class InitCommandTest {
  @TempDir Path parent;

  private Path folder() {
    return parent.resolve("made");
  }

  private Installed.Ran init(String... more) {
    var arguments = new String[more.length + 2];
    arguments[0] = "init";
    arguments[1] = folder().toString();
    System.arraycopy(more, 0, arguments, 2, more.length);
    return Installed.run(arguments);
  }

  private List<String> files() throws IOException {
    try (var all = Files.walk(folder())) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder().relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.300",
        "1.2.3",
        "::zz",
        "a b",
        "lanyard.example,10.0.0.300",
        "CN=x",
        "-a",
        "a..b",
        "https://lanyard.example",
        "b\u00FCro.example",
        ""
      })
  void a_name_that_no_certificate_can_have_is_refused_before_anything_is_written(String name) {
    var ran = init("--name", name);

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("neither a host name nor an IP address; nothing was written");
    assertThat(folder()).doesNotExist();
    assertThat(init("--name", "lanyard.example,10.0.0.30,::1,*.lanyard.example,localhost").exit())
        .isZero();
  }

  @Test
  void what_it_writes_is_complete_and_secrets_are_the_owners() throws IOException {
    assertThat(init().exit()).isZero();

    assertThat(files())
        .containsExactlyInAnyOrder(
            "clients/broker.yaml",
            "clients/ras.yaml",
            "lanyard.yaml",
            "library/connectors.yaml",
            "library/library.schema.json",
            "library/roles.yaml",
            "secrets/master.key",
            "tls/ca.pem",
            "tls/server.key",
            "tls/server.pem");
    assertThat(folder().resolve("data")).isEmptyDirectory();
    for (var secret : List.of("secrets/master.key", "tls/server.key")) {
      assertThat(Files.getPosixFilePermissions(folder().resolve(secret))).hasSize(2);
    }
    assertThat(Files.getPosixFilePermissions(folder().resolve("secrets")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tls/server.pem",
        "tls/server.key",
        "library/roles.yaml",
        "clients/ras.yaml",
        "secrets/master.key"
      })
  void a_file_that_is_there_stays_and_is_named(String name) throws IOException {
    var there = folder().resolve(name);
    Files.createDirectories(there.getParent());
    Files.writeString(there, "mine");

    var ran = init();

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains(there + ": there already; nothing was changed");
    assertThat(files()).containsExactly(name);
    assertThat(there).hasContent("mine");
  }

  @Test
  void what_was_begun_is_removed_when_it_fails_and_what_was_there_stays() throws IOException {
    // A file where a folder must be: found when almost everything has its place.
    Files.createDirectories(folder());
    Files.writeString(folder().resolve("clients"), "a file");
    Files.writeString(folder().resolve("notes"), "mine");

    var ran = init();

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("What was begun is removed");
    assertThat(files()).containsExactly("clients", "notes");
    try (var left = Files.list(folder())) {
      assertThat(left).hasSize(2);
    }
    Files.delete(folder().resolve("clients"));
    assertThat(init().exit()).isZero();
  }
}
