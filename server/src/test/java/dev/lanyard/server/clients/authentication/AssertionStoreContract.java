package dev.lanyard.server.clients.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// What an [AssertionStore] promises.
abstract class AssertionStoreContract {
  private static final Instant LATER = Instant.parse("2026-11-23T12:05:00Z");
  private static final ClientId CLIENT = new ClientId("signer");

  abstract AssertionStore store();

  @Test
  void an_assertion_counts_once() {
    assertThat(store().recordFirst(CLIENT, "a", LATER)).isTrue();
    assertThat(store().recordFirst(CLIENT, "a", LATER.plusSeconds(60))).isFalse();
    assertThat(store().recordFirst(CLIENT, "b", LATER)).isTrue();
  }

  @Test
  void every_client_has_its_own_ids() {
    assertThat(store().recordFirst(CLIENT, "a", LATER)).isTrue();
    assertThat(store().recordFirst(new ClientId("other"), "a", LATER)).isTrue();
  }

  @Test
  void of_many_uses_at_once_one_is_first() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var uses = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < 32; i++) {
        uses.add(() -> store().recordFirst(CLIENT, "a", LATER));
      }
      int firsts = 0;
      for (var use : threads.invokeAll(uses)) {
        firsts += use.get() ? 1 : 0;
      }
      assertThat(firsts).isEqualTo(1);
    }
  }
}
