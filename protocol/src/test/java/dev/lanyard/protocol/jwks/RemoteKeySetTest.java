package dev.lanyard.protocol.jwks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.jose.KeySource.Lookup;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("KEY-3: fetching the keys of an issuer")
class RemoteKeySetTest {
  private static final SigningKey FIRST = SigningKey.generate(SigningAlgorithm.ES256);
  private static final SigningKey SECOND = SigningKey.generate(SigningAlgorithm.ES256);

  private final TestIssuer issuer = new TestIssuer();
  private final TestClock clock = new TestClock();
  private final RemoteKeySet keys =
      new RemoteKeySet(issuer.egress(), issuer.jwksUri(), Refresh.DEFAULT, clock);

  RemoteKeySetTest() {
    issuer.publish(FIRST);
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  @Nested
  @DisplayName("Verifiers refetch on an unknown kid, at most once per back-off")
  class UnknownKeyIds {
    @Test
    void a_thousand_tokens_with_invented_key_ids_cost_one_fetch() {
      for (int token = 0; token < 1000; token++) {
        assertThat(find(UUID.randomUUID().toString())).isInstanceOf(Lookup.None.class);
      }
      assertThat(issuer.fetches()).isEqualTo(1);
    }

    @Test
    void a_thousand_tokens_at_once_cost_one_fetch() throws Exception {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var lookups =
            threads.invokeAll(
                IntStream.range(0, 1000)
                    .<java.util.concurrent.Callable<Lookup>>mapToObj(i -> () -> find("k" + i))
                    .toList());
        for (var lookup : lookups) {
          assertThat(lookup.get()).isInstanceOf(Lookup.None.class);
        }
      }
      assertThat(issuer.fetches()).isEqualTo(1);
    }

    @Test
    void a_new_key_is_found_once_the_back_off_is_over() {
      assertFound(FIRST);
      issuer.publish(FIRST, SECOND);

      assertThat(find(SECOND.keyId())).isInstanceOf(Lookup.None.class);
      clock.advance(Duration.ofMinutes(1));

      assertFound(SECOND);
      assertThat(issuer.fetches()).isEqualTo(2);
    }

    @Test
    void a_known_key_costs_nothing() {
      IntStream.range(0, 100).forEach(i -> assertFound(FIRST));

      assertThat(issuer.fetches()).isEqualTo(1);
    }
  }

  @Nested
  @DisplayName("A removed key is forgotten in time")
  class Removal {
    @Test
    void when_the_set_is_fetched_anew() {
      assertFound(FIRST);
      issuer.publish(SECOND);
      clock.advance(Duration.ofMinutes(10));

      assertThat(find(FIRST.keyId())).isInstanceOf(Lookup.None.class);
    }
  }

  @Nested
  @DisplayName("Serve stale on fetch failure up to a bound")
  class Outage {
    @Test
    void known_keys_go_on_serving() {
      assertFound(FIRST);
      issuer.answerWith(500);
      clock.advance(Duration.ofHours(23));

      assertFound(FIRST);
    }

    @Test
    void until_the_bound() {
      assertFound(FIRST);
      issuer.answerWith(500);
      clock.advance(Duration.ofHours(24));

      assertThat(find(FIRST.keyId()))
          .isEqualTo(new Lookup.Unavailable("keys at " + issuer.jwksUri() + ": status 500"));
    }

    @Test
    void an_unknown_key_is_undecided_not_refused() {
      assertFound(FIRST);
      issuer.answerWith(503);
      clock.advance(Duration.ofMinutes(1));

      assertThat(find("unknown")).isInstanceOf(Lookup.Unavailable.class);
    }

    @Test
    void a_set_that_never_came_is_asked_for_again_after_the_retry_time() {
      issuer.answerWith(500);
      assertThat(find(FIRST.keyId())).isInstanceOf(Lookup.Unavailable.class);
      assertThat(find(FIRST.keyId())).isInstanceOf(Lookup.Unavailable.class);
      assertThat(issuer.fetches()).isEqualTo(1);

      issuer.answerWith(200);
      clock.advance(Duration.ofSeconds(5));

      assertFound(FIRST);
    }

    @Test
    @DisplayName("that hangs after a failure: one waits for it, the others are told of the failure")
    void a_server_that_hangs_holds_up_one() throws Exception {
      issuer.answerWith(500);
      assertThat(find(FIRST.keyId())).isInstanceOf(Lookup.Unavailable.class);
      issuer.answerWith(200);
      clock.advance(Duration.ofSeconds(5));
      var opened = new CountDownLatch(1);
      issuer.answersAfter(opened);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var first = threads.submit(() -> find(FIRST.keyId()));
        issuer.awaitFetches(2);
        var others =
            IntStream.range(0, 300)
                .mapToObj(i -> threads.submit(() -> find(FIRST.keyId())))
                .toList();
        for (var other : others) {
          assertThat(other.get()).isInstanceOf(Lookup.Unavailable.class);
        }
        assertThat(first.isDone()).as("the first still waits").isFalse();
        opened.countDown();
        assertThat(first.get()).isInstanceOf(Lookup.Found.class);
      }
      assertFound(FIRST);
      assertThat(issuer.fetches()).isEqualTo(2);
    }

    @Test
    void a_broken_set_does_not_replace_a_good_one() {
      assertFound(FIRST);
      issuer.publishText("{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}");
      clock.advance(Duration.ofMinutes(10));

      assertFound(FIRST);
    }
  }

  @Nested
  @DisplayName("What cannot be fetched, or throws, is asked for once in the retry time")
  class Faults {
    @Test
    void a_port_that_there_is_not() {
      var nowhere = URI.create("https://keys.example:70000/jwks");
      var keys = new RemoteKeySet(issuer.egress(), nowhere, Refresh.DEFAULT, clock);

      assertThat(keys.find(Optional.of("k"), SigningAlgorithm.ES256))
          .isInstanceOfSatisfying(
              Lookup.Unavailable.class, down -> assertThat(down.reason()).contains("port"));
    }

    private RemoteKeySet witnessedUnless(AtomicBoolean down) {
      return new RemoteKeySet(
          issuer.egress(),
          issuer.jwksUri(),
          Refresh.DEFAULT,
          clock,
          set -> {
            if (down.get()) {
              throw new IllegalStateException("the store is down");
            }
          });
    }

    @Test
    void a_witness_that_throws() {
      var down = new AtomicBoolean(true);
      var witnessed = witnessedUnless(down);

      assertThatThrownBy(() -> witnessed.find(Optional.of("k"), SigningAlgorithm.ES256))
          .isInstanceOf(IllegalStateException.class);
      assertThat(witnessed.find(Optional.of("k"), SigningAlgorithm.ES256))
          .isInstanceOf(Lookup.Unavailable.class);
      assertThat(issuer.fetches()).isEqualTo(1);

      down.set(false);
      clock.advance(Duration.ofSeconds(5));
      assertThat(witnessed.find(Optional.of(FIRST.keyId()), SigningAlgorithm.ES256))
          .isInstanceOf(Lookup.Found.class);
    }

    @Test
    void a_witness_that_throws_at_a_later_set_leaves_the_one_before() {
      var down = new AtomicBoolean();
      var witnessed = witnessedUnless(down);
      var id = Optional.of(FIRST.keyId());
      witnessed.find(id, SigningAlgorithm.ES256);
      issuer.publish(SECOND);
      down.set(true);
      clock.advance(Duration.ofMinutes(10));

      assertThatThrownBy(() -> witnessed.find(id, SigningAlgorithm.ES256))
          .isInstanceOf(IllegalStateException.class);
      assertThat(witnessed.find(id, SigningAlgorithm.ES256)).isInstanceOf(Lookup.Found.class);
      assertThat(witnessed.find(Optional.of(SECOND.keyId()), SigningAlgorithm.ES256))
          .as("never witnessed")
          .isInstanceOf(Lookup.Unavailable.class);
    }
  }

  @Test
  @DisplayName("KEY-5: on a duplicate kid the algorithm decides")
  void a_key_id_of_two_kinds_of_keys() {
    var elliptic = FIRST.publicKey().toJwk();
    var rsa = SigningKey.generate(SigningAlgorithm.RS256).publicKey().toJwk();
    var same = dev.lanyard.protocol.json.JsonObject.builder().put("kid", "same").build();
    issuer.publishText(
        "{\"keys\":[" + elliptic.with(same).toJson() + "," + rsa.with(same).toJson() + "]}");

    assertThat(keys.find(Optional.of("same"), SigningAlgorithm.RS256))
        .isInstanceOfSatisfying(
            Lookup.Found.class,
            found -> {
              assertThat(found.keys()).hasSize(1);
              assertThat(found.keys().getFirst().algorithms()).contains(SigningAlgorithm.RS256);
            });
  }

  @Test
  void a_stale_bound_below_the_refresh_time_is_a_mistake() {
    assertThatThrownBy(() ->
            new Refresh(Duration.ofHours(2), Duration.ZERO, Duration.ZERO, Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            new Refresh(Duration.ofHours(-2), Duration.ZERO, Duration.ZERO, Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Lookup find(String keyId) {
    return keys.find(Optional.of(keyId), SigningAlgorithm.ES256);
  }

  private void assertFound(SigningKey key) {
    assertThat(find(key.keyId()))
        .isInstanceOfSatisfying(
            Lookup.Found.class,
            found ->
                assertThat(new PublicKeySet(found.keys()).toJson())
                    .isEqualTo(new PublicKeySet(List.of(key.publicKey())).toJson()));
  }
}
