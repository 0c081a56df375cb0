package dev.lanyard.server.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Spoiling;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Whatever a file says is understood, or refused with its faults; never anything else")
class FilesPropertiesTest {
  private static final int ROUNDS = 600;

  @TempDir Path folder;

  private interface Reader {
    void read(Path file);
  }

  private void spoil(String good, Path file, Reader reader) throws IOException {
    Files.writeString(file, good);
    reader.read(file);
    int refused = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      var spoilt = Spoiling.spoilt(good, seed);
      Files.write(file, spoilt);
      try {
        reader.read(file);
      } catch (FaultyFileException e) {
        assertThat(e.getMessage()).contains(".yaml");
        refused++;
      } catch (RuntimeException | Error e) {
        Assertions.fail(
            "seed %d: %s%n%s".formatted(seed, e, new String(spoilt, StandardCharsets.UTF_8)), e);
      }
    }
    assertThat(refused).isGreaterThan(ROUNDS / 4);
  }

  @Test
  void clients() throws IOException {
    // A pair writes files with clients of every kind.
    var keys = List.of(SigningKey.generate(SigningAlgorithm.ES256));
    try (var _ = Pair.start(Setup.usual(folder).signingWith(keys), folder)) {
      for (var name : List.of("broker-clients.yaml", "ras-clients.yaml")) {
        var good = Files.readString(folder.resolve(name));
        spoil(good, folder.resolve("spoilt-" + name), ClientRegistry::open);
      }
    }
  }

  @Test
  void role_library() throws IOException {
    var files = new LibraryFiles(folder);
    spoil(LibraryFiles.ROLES, folder.resolve("roles.yaml"), _ -> Library.read(files.folder()));
    files.write("roles.yaml", LibraryFiles.ROLES);
    spoil(
        LibraryFiles.CONNECTORS,
        folder.resolve("connectors.yaml"),
        _ -> Library.read(files.folder()));
  }
}
