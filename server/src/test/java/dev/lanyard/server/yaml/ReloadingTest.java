package dev.lanyard.server.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Files that are broken at the start")
class ReloadingTest {
  @TempDir Path folder;

  private Reloading<String> open(Optional<String> kept) {
    return Reloading.open(
        folder,
        (path, _) -> YamlFile.read(path.resolve("a.yaml"), top -> top.text("name")),
        () -> kept);
  }

  private void write(String text) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), text);
  }

  @Test
  void stop_the_start_if_nothing_was_kept() throws IOException {
    write("nam: x");
    assertThatThrownBy(() -> open(Optional.empty())).isInstanceOf(FaultyFileException.class);
  }

  @Test
  void leave_the_last_good_value_in_force_and_are_told() throws IOException {
    write("nam: x");
    var reloading = open(Optional.of("kept"));
    assertThat(reloading.current()).isEqualTo("kept");
    reloading.poll();
    assertThat(reloading.poll())
        .isInstanceOfSatisfying(
            Reload.Refused.class,
            refused -> assertThat(refused.faults().toString()).contains("'name' is missing"));
    assertThat(reloading.poll()).isInstanceOf(Reload.Unchanged.class);

    write("name: mended");
    reloading.poll();
    assertThat(reloading.poll()).isInstanceOf(Reload.Loaded.class);
    assertThat(reloading.current()).isEqualTo("mended");
  }

  @Test
  void good_files_are_taken_whatever_was_kept() throws IOException {
    write("name: new");
    var reloading = open(Optional.of("kept"));
    assertThat(reloading.current()).isEqualTo("new");
    assertThat(reloading.poll()).isInstanceOf(Reload.Unchanged.class);
  }
}
