package dev.lanyard.protocol.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(CONCURRENT)
@DisplayName("Who signs and verifies")
class CryptoProviderTest {
  @ParameterizedTest
  @CsvSource({"jdk, JDK", "bc, Bouncy Castle"})
  void every_provider_masters_every_algorithm(String wanted, String name) throws Exception {
    assertThat(linesOf(probe("-Dlanyard.crypto=" + wanted)))
        .containsExactly(name, "ES256", "ES384", "RS256", "PS256", "EdDSA");
  }

  @Test
  void the_one_in_use_says_who_it_is_and_why() {
    var active = CryptoProvider.active();

    assertThat(active.name()).isIn("ACCP", "Bouncy Castle", "JDK");
    assertThat(active.detail()).isNotBlank();
    assertThat(active.provider()).isNotNull();
  }

  @Test
  void a_name_that_nobody_has_is_a_mistake_and_not_another_provider() throws Exception {
    assertThat(String.join("\n", linesOf(probe("-Dlanyard.crypto=openssl"))))
        .contains("lanyard.crypto is 'openssl'; it may be accp, bc or jdk");
  }

  /// Large keys need the best code: the compiler that we leave out elsewhere is worth it.
  private static Process probe(String option) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            option,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ProviderProbe.class.getName())
        .redirectErrorStream(true)
        .start();
  }

  private static List<String> linesOf(Process process) throws Exception {
    try (var out = process.getInputStream()) {
      var lines = new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      process.waitFor();
      return lines;
    }
  }
}
