package dev.lanyard.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.client.flow.RememberingStore;
import dev.lanyard.protocol.oauth.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CLI-17: what a client keeps is its owner's alone")
class CredentialStoreTest {
  @TempDir Path folder;

  private CredentialStore store(boolean inFiles) throws IOException {
    return inFiles ? FileCredentialStore.in(folder.resolve("kept")) : CredentialStore.inMemory();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void what_is_kept_is_found_until_it_is_forgotten(boolean inFiles) throws Exception {
    var store = store(inFiles);
    store.keep("one", new Secret("first"));
    store.keep("one", new Secret("second"));
    store.keep("../../two", new Secret("other"));

    assertThat(store.find("one")).contains(new Secret("second"));
    assertThat(store.find("../../two")).contains(new Secret("other"));
    store.forget("one");
    store.forget("one");
    assertThat(store.find("one")).isEmpty();
  }

  @Test
  @DisplayName("What could not be kept is found until the program ends: the one before it is spent")
  void what_could_not_be_kept() {
    var store = new FullStore();
    var client = new RememberingStore(store);
    client.keep("session", new Secret("rt-1"));
    store.full = true;
    client.keep("session", new Secret("rt-2"));
    assertThat(client.find("session")).contains(new Secret("rt-2"));

    store.full = false;
    client.keep("session", new Secret("rt-3"));
    store.keep("session", new Secret("rt-4 of another process"));
    assertThat(client.find("session")).contains(new Secret("rt-4 of another process"));

    store.full = true;
    client.keep("session", new Secret("rt-5"));
    client.forget("session");
    assertThat(client.find("session")).isEmpty();
  }

  private static final class FullStore implements CredentialStore {
    private final CredentialStore store = CredentialStore.inMemory();
    private boolean full;

    @Override
    public Optional<Secret> find(String name) {
      return store.find(name);
    }

    @Override
    public void keep(String name, Secret value) {
      if (full) {
        throw new UncheckedIOException(new IOException("no space left"));
      }
      store.keep(name, value);
    }

    @Override
    public void forget(String name) {
      store.forget(name);
    }
  }

  @Test
  void another_start_finds_it() throws Exception {
    store(true).keep("one", new Secret("value"));

    assertThat(store(true).find("one")).contains(new Secret("value"));
  }

  @Test
  void nobody_else_can_read_it_and_no_name_shows() throws Exception {
    store(true).keep("refresh token of ada", new Secret("value"));

    var kept = folder.resolve("kept");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(kept)) {
      assertThat(files)
          .singleElement()
          .satisfies(file -> {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
            assertThat(file.getFileName().toString()).doesNotContain("ada");
          });
    }
  }

  @Test
  void what_a_process_left_that_died_while_it_wrote_is_swept() throws Exception {
    var kept = folder.resolve("kept");
    store(true).keep("one", new Secret("value"));
    var left = Files.writeString(kept.resolve("new1.tmp"), "of a process that died");
    Files.setLastModifiedTime(left, FileTime.from(Instant.EPOCH));
    var beingWritten = Files.writeString(kept.resolve("new2.tmp"), "of one that writes now");

    var again = store(true);

    assertThat(left).doesNotExist();
    assertThat(beingWritten).exists();
    assertThat(again.find("one")).contains(new Secret("value"));
  }

  /// As for whoever starts beside another process, which gives a file its name in that moment.
  @Test
  void a_file_that_is_gone_when_it_is_looked_at_keeps_nobody_out() throws Exception {
    var kept = folder.resolve("kept");
    store(true).keep("one", new Secret("value"));
    Files.createSymbolicLink(kept.resolve("new1.tmp"), kept.resolve("gone"));

    assertThat(store(true).find("one")).contains(new Secret("value"));
  }

  @Test
  void what_cannot_be_kept_leaves_nothing() throws Exception {
    var kept = folder.resolve("kept");
    var store = store(true);
    store.keep("one", new Secret("value"));
    Path file;
    try (Stream<Path> files = Files.list(kept)) {
      file = files.findAny().orElseThrow();
    }
    Files.delete(file);
    Files.createDirectories(file.resolve("in the way"));

    assertThatThrownBy(() -> store.keep("one", new Secret("other")))
        .isInstanceOf(UncheckedIOException.class);
    try (Stream<Path> files = Files.list(kept)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void a_folder_that_others_can_enter_is_refused_with_what_to_do() throws Exception {
    var open = Files.createDirectory(folder.resolve("kept"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThatThrownBy(() -> FileCredentialStore.in(open))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 700");
  }
}
