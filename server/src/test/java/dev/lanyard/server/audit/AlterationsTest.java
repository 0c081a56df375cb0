package dev.lanyard.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("AUD-5: nothing but removal and concealment alters what was recorded")
class AlterationsTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern ALTERING =
      Pattern.compile("(?:DELETE\\s+FROM|UPDATE|REPLACE\\s+INTO)\\s+audit\\b(?!_)");

  @Test
  @DisplayName("No other source has a statement that changes or removes an entry")
  void only_here() throws IOException {
    var altering = new TreeSet<String>();
    try (var files = Files.walk(SOURCES)) {
      for (var file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
        if (ALTERING.matcher(Files.readString(file)).find()) {
          altering.add(file.getFileName().toString());
        }
      }
    }
    assertThat(altering).containsExactly("Alterations.java");
  }
}
