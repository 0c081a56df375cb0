package dev.lanyard.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The master key is in a file of its own")
class MasterKeyTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void create() {
    file = folder.resolve("master.key");
    MasterKey.create(file);
  }

  @Test
  void what_it_seals_it_opens_for_the_same_purpose_only() {
    var key = MasterKey.load(file);
    var sealed = key.seal(new Secret("secret"), "for this");

    assertThat(key.open(sealed, "for this").reveal()).isEqualTo("secret");
    assertThat(key.seal(new Secret("secret"), "for this")).isNotEqualTo(sealed);
    assertThatThrownBy(() -> key.open(sealed, "for that")).isInstanceOf(KeyException.class);
  }

  @Test
  void a_new_file_is_its_owners_alone_and_never_replaces_another() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> MasterKey.create(file)).isInstanceOf(KeyException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
  void a_file_that_others_may_use_is_refused(String permissions) throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThatThrownBy(() -> MasterKey.load(file))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("chmod 600 " + file);
  }

  @Test
  void a_missing_file_is_told_with_the_remedy() throws Exception {
    Files.delete(file);

    assertThatThrownBy(() -> MasterKey.load(file))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("backup");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "not base64!", "c2hvcnQ=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
  void a_file_that_is_no_key_is_refused_without_showing_it(String content) throws Exception {
    Files.writeString(file, content);

    assertThatThrownBy(() -> MasterKey.load(file))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("not 32 bytes in base64");
  }

  @Test
  void printing_it_shows_nothing() throws Exception {
    assertThat(MasterKey.load(file).toString()).doesNotContain(Files.readString(file).strip());
  }
}
