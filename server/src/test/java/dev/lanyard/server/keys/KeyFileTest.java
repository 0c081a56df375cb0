package dev.lanyard.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.database.SmallDisk;
import dev.lanyard.server.publication.ApproverKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A new file with a key")
class KeyFileTest {
  @TempDir Path folder;

  @Test
  void is_its_owners_alone_and_never_replaces_another() throws IOException {
    var file = folder.resolve("key");
    KeyFile.create(file, "one");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> KeyFile.create(file, "other"))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("one");
  }

  @Test
  @Tag("thorough")
  @Tag("mount")
  void is_not_there_where_the_disk_was_full_so_that_it_can_be_made_later() throws Exception {
    try (var disk = SmallDisk.mount(folder.resolve("small"), 1)) {
      var there = disk.folder("there");
      disk.fill();
      assertThatThrownBy(() -> MasterKey.create(there.resolve("master.key")))
          .isInstanceOf(KeyException.class);
      assertThatThrownBy(() -> ApproverKey.create(there.resolve("ana.key"), Optional.empty()))
          .isInstanceOf(ApproverKey.Unusable.class);
      assertThat(there).isEmptyDirectory();

      disk.makeRoom();
      MasterKey.create(there.resolve("master.key"));
      var _ = MasterKey.load(there.resolve("master.key"));
    }
  }
}
