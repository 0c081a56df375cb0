package dev.lanyard.protocol.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jwks.RemoteDocument.Absent;
import dev.lanyard.protocol.jwks.RemoteDocument.Answer;
import dev.lanyard.protocol.jwks.RemoteDocument.Failed;
import dev.lanyard.protocol.jwks.RemoteDocument.Fetch;
import dev.lanyard.protocol.jwks.RemoteDocument.Fetched;
import dev.lanyard.protocol.jwks.RemoteDocument.Present;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("KEY-3: a document that was fetched in the future, because the clock was set back")
class RemoteDocumentTest {
  private static final Refresh REFRESH = Refresh.DEFAULT;

  private Instant now = Instant.parse("2026-11-23T12:00:00Z");
  private int fetches;
  private boolean reachable = true;
  private final RemoteDocument<Integer> document =
      new RemoteDocument<>(this::fetch, REFRESH, () -> now);

  private Fetch<Integer> fetch() {
    fetches++;
    return reachable ? new Fetched<>(fetches) : new Failed<>("not there");
  }

  private static int number(Answer<Integer> answer) {
    assertThat(answer.content()).isInstanceOf(Present.class);
    return ((Present<Integer>) answer.content()).document();
  }

  @Test
  void is_fetched_anew_at_its_next_use_and_then_as_usual() {
    assertThat(number(document.current())).isEqualTo(1);
    now = now.minus(Duration.ofDays(3));

    assertThat(number(document.current())).isEqualTo(2);
    assertThat(number(document.current())).isEqualTo(2);
    now = now.plus(REFRESH.after());
    assertThat(number(document.current())).isEqualTo(3);
  }

  @Test
  void is_fetched_anew_for_a_key_that_it_does_not_have() {
    var first = document.current();
    now = now.minus(Duration.ofDays(3));

    assertThat(number(document.refreshed(first))).isEqualTo(2);
  }

  @Test
  void serves_no_longer_than_any_other_if_it_cannot_be_fetched() {
    assertThat(number(document.current())).isEqualTo(1);
    now = now.minus(Duration.ofDays(3));
    reachable = false;
    assertThat(number(document.current())).isEqualTo(1);

    now = now.plus(REFRESH.staleFor());

    assertThat(document.current().content()).isInstanceOf(Absent.class);
  }
}
