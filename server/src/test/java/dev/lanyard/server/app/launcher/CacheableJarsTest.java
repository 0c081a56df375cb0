package dev.lanyard.server.app.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Jars that the start-up cache may hold")
class CacheableJarsTest {
  private static final String CLASS =
      AmazonCorrettoCryptoProvider.class.getName().replace('.', '/') + ".class";

  @TempDir Path folder;
  private Path jar;

  @BeforeEach
  void a_library_that_is_signed() throws Exception {
    jar = folder.resolve("library.jar");
    var location = AmazonCorrettoCryptoProvider.class.getProtectionDomain().getCodeSource();
    Files.copy(Path.of(location.getLocation().toURI()), jar);
    assertThat(isSigned()).isTrue();
  }

  /// Signers are known once an entry was read to its end.
  private boolean isSigned() throws IOException {
    try (var read = new JarFile(jar.toFile())) {
      var entry = read.getJarEntry(CLASS);
      try (var in = read.getInputStream(entry)) {
        in.readAllBytes();
      }
      return entry.getCodeSigners() != null;
    }
  }

  private TreeMap<String, byte[]> contents() throws IOException {
    var contents = new TreeMap<String, byte[]>();
    try (var read = new JarFile(jar.toFile(), false)) {
      for (var entry : read.stream().toList()) {
        if (!entry.getName().matches("META-INF/([^/]+\\.(SF|RSA|DSA|EC)|MANIFEST.MF)")) {
          contents.put(entry.getName(), read.getInputStream(entry).readAllBytes());
        }
      }
    }
    return contents;
  }

  @Test
  void loses_its_signature_and_nothing_else() throws Exception {
    var before = contents();

    CacheableJars.main(new String[] {folder.toString()});

    assertThat(isSigned()).isFalse();
    assertThat(contents()).containsExactlyEntriesOf(before);
    try (var read = new JarFile(jar.toFile())) {
      assertThat(read.getManifest().getMainAttributes()).isNotEmpty();
      assertThat(read.getManifest().getEntries()).isEmpty();
    }
    assertThat(folder)
        .isDirectoryContaining(jar::equals)
        .isDirectoryNotContaining("glob:*.unsigned");
  }

  @Test
  void stays_as_it_is_when_it_has_none() throws Exception {
    CacheableJars.unsign(folder);
    var first = Files.readAttributes(jar, "lastModifiedTime,fileKey");

    CacheableJars.unsign(folder);

    assertThat(Files.readAttributes(jar, "lastModifiedTime,fileKey")).isEqualTo(first);
  }
}
