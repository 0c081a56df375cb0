package dev.lanyard.server.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What an answer may hold, as it is kept for resumed streams")
class ExpectedTest {
  private static final Expected GRADED = new Expected.Graded("internal", "a tool, of which");

  @Test
  void is_read_as_it_was_written() {
    for (var one :
        List.of(
            new Expected.Anything(),
            new Expected.Lists(),
            new Expected.Kept(),
            GRADED,
            new Expected.Tasks(),
            new Expected.OrTask("a tool, of which", GRADED),
            new Expected.OrTask("t", new Expected.Anything()),
            new Expected.OfTask("hash", GRADED),
            new Expected.OfTask("hash", new Expected.Anything()))) {
      assertThat(Expected.of(one.word())).contains(one);
    }
  }

  @Test
  @DisplayName("What a newer program has written is nothing that anybody awaits")
  void unknown() {
    assertThat(Expected.of("newer")).isEmpty();
    assertThat(Expected.of("of-task hash newer")).isEmpty();
  }
}
