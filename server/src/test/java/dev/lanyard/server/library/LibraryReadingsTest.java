package dev.lanyard.server.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.yaml.FaultyFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What was read of a library is kept by the text of its files, and by nothing else")
class LibraryReadingsTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  private static final String CONNECTORS =
      """
      connectors:
        linear: {name: Linear, authorization_server: "https://as.example",
          resource: "https://linear.example/mcp", scopes: [read]}
      """;

  private static final String EXCEPTION =
      CONNECTORS
          + """
          exceptions:
            ana:
              owner: Ben
              reason: On call.
              people: [ana]
              until: 2026-12-01
              connectors: {linear: [read]}
          """;

  private final LibraryReadings readings = new LibraryReadings();

  private static LibrarySource source(String text) {
    return new LibrarySource(Path.of("folder"), new TreeMap<>(Map.of("library.yaml", text)));
  }

  @Test
  @DisplayName("the same text is read once; another text is another library")
  void by_text() {
    var first = readings.read(source(CONNECTORS));

    assertThat(readings.read(source(CONNECTORS))).isSameAs(first);
    var other = readings.read(source(CONNECTORS.replace("[read]", "[read, write]")));
    assertThat(other.version()).isNotEqualTo(first.version());
    assertThat(other.connectors().getFirst().scopes().contains("write")).isTrue();
  }

  @Test
  @DisplayName("what an instant makes of it is judged each time, as the check judges it")
  void by_instant() {
    var source = source(EXCEPTION);
    for (var at : new Instant[] {NOW, NOW.plusSeconds(3 * 86_400), NOW.minusSeconds(90 * 86_400)}) {
      assertThat(readings.check(source, at))
          .isEqualTo(LibraryCheck.of(source, Optional.empty(), at));
    }
    assertThat(readings.check(source, NOW)).extracting("code").contains("exception-ends-soon");
    assertThat(readings.check(source, NOW.plusSeconds(3 * 86_400)))
        .extracting("code")
        .contains("exception-ended");
  }

  @Test
  @DisplayName("what cannot be read is told each time, until the text is another one")
  void faulty() {
    var faulty = source("roles: [");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> readings.read(faulty)).isInstanceOf(FaultyFileException.class);
      assertThat(readings.check(faulty, NOW)).extracting("code").containsOnly("not-readable");
    }
    assertThat(readings.read(source(CONNECTORS)).connectors()).hasSize(1);
  }

  @Test
  @DisplayName("only the last few are kept")
  void few() {
    var first = readings.read(source(CONNECTORS));
    for (int i = 0; i < 10; i++) {
      var _ = readings.read(source(CONNECTORS + "# " + i + "\n"));
    }
    assertThat(readings.read(source(CONNECTORS))).isNotSameAs(first);
  }
}
