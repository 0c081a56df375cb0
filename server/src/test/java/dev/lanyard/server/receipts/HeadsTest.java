package dev.lanyard.server.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("How far the record was when it was first looked at")
class HeadsTest {
  private static final List<String> REQUEST = List.of("i-1", "i-2");

  private final Heads heads = new Heads();
  private final Heads.Head head = new Heads.Head(7, Instant.EPOCH);

  @Test
  @DisplayName("The next attempt counts from the same moment, or a silent point is never done")
  void the_first_look_counts() {
    assertThat(heads.seen(REQUEST, 7)).isEmpty();

    heads.see(REQUEST, head);

    assertThat(heads.seen(REQUEST, 7)).contains(head);
    assertThat(heads.seen(List.of("i-1"), 7)).isEmpty();
  }

  @Test
  @DisplayName("What was denied since is not covered by it")
  void something_later() {
    heads.see(REQUEST, head);

    assertThat(heads.seen(REQUEST, 8)).isEmpty();
  }

  @Test
  @DisplayName("It is kept for so many requests, and until the receipts are made")
  void bounded() {
    heads.see(REQUEST, head);
    heads.forget(REQUEST);
    assertThat(heads.seen(REQUEST, 7)).isEmpty();

    heads.see(REQUEST, head);
    for (int i = 0; i < 1000; i++) {
      heads.see(List.of("other-" + i), head);
    }
    assertThat(heads.seen(REQUEST, 7)).isEmpty();
    assertThat(heads.seen(List.of("other-999"), 7)).contains(head);
  }
}
