package dev.lanyard.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.pair.Spoiling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SEC-7: whatever is in PEM files is taken, or refused with a message")
class PemPropertiesTest {
  private static final int ROUNDS = 500;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"ec", "rsa"})
  void of_either_kind(String kind) throws IOException {
    var made = kind.equals("ec") ? TestCertificate.ec(kind) : TestCertificate.rsa(kind);
    var files = made.writeTo(folder);
    for (var file : new Path[] {files.key(), files.certificate()}) {
      var good = Files.readString(file);
      for (int seed = 0; seed < ROUNDS; seed++) {
        Files.write(file, Spoiling.spoilt(good, seed));
        read(files, seed);
      }
      Files.writeString(file, good);
    }
    assertThat(Certificate.read(files).chain()).hasSize(1);
  }

  private static void read(Tls files, int seed) {
    try {
      assertThat(Certificate.read(files).chain()).isNotEmpty();
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    } catch (RuntimeException | Error e) {
      Assertions.fail("seed " + seed + ": " + e, e);
    }
  }

  @Test
  @DisplayName("no private key is repeated in a message")
  void of_another_kind() throws IOException {
    var files = TestCertificate.ec("ec").writeTo(folder);
    for (var key :
        new String[] {
          "-----BEGIN PRIVATE KEY-----END PRIVATE KEY-----",
          "-----BEGIN PRIVATE KEY-----\nAAAA=A\n-----END PRIVATE KEY-----",
          "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----",
          "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----",
          ""
        }) {
      Files.writeString(files.key(), key);
      assertThatThrownBy(() -> Certificate.read(files))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("server.key")
          .hasMessageNotContaining("c2VjcmV0");
    }
  }
}
