package dev.lanyard.server.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AUD-5: an export is read in blocks, whatever memory there is")
class LineBlocksTest {
  private static final String LINES =
      "{}\n\n{\"a\":1}\n{\"long\":\"longer than a block\"}\n{}\nno end";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 16, 1_000})
  @DisplayName("Each line comes whole and once, wherever a block ends")
  void whole(int block) throws Exception {
    var file = Files.writeString(folder.resolve("lines"), LINES);
    var expected = Lines.of(LINES.getBytes(StandardCharsets.UTF_8)).hashes();
    var hashes = new ArrayList<>();

    LineBlocks.read(file, block, 1_000, lines -> hashes.addAll(lines.hashes()));

    assertThat(hashes).isEqualTo(List.copyOf(expected));
  }

  @Test
  @DisplayName("A line without an end is not waited for until there is no memory left")
  void endless() throws Exception {
    var file = Files.writeString(folder.resolve("lines"), "{}\n" + "x".repeat(5_000));

    assertThatThrownBy(() -> LineBlocks.read(file, 1_000, 4_000, _ -> {}))
        .isInstanceOf(UnreadableException.class)
        .hasMessageContaining("a line of more than 4000 octets");
  }
}
