package dev.lanyard.server.ras.enrolment;

import static dev.lanyard.server.pair.Reception.OPERATOR;
import static dev.lanyard.server.pair.Reception.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.delivery.Courier.Parcel;
import dev.lanyard.server.delivery.Courier.Result;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.pair.Customer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Reception;
import dev.lanyard.server.pair.Setup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a rule has taken away ends once more when no node can have missed it")
class SecondKillsTest {
  private static final String NAME = "initech";

  @TempDir Path folder;
  private Pair pair;
  private Customer customer;
  private Reception reception;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    customer = Customer.start(pair.clock);
    reception = Reception.of(pair, customer);
    reception.activated(NAME, "{\"create_people\":true}");
  }

  @AfterEach
  void stop() {
    customer.close();
    pair.close();
  }

  private List<Parcel> asked() {
    return new Outbox(pair.database, (_, _, _) -> {}, pair.clock)
        .waiting().stream()
            .filter(letter -> letter.delivery().kind().equals(SecondKills.KIND))
            .map(letter -> new Parcel(letter.id(), letter.delivery(), 1, Optional.empty()))
            .toList();
  }

  private Result carried(Parcel parcel) {
    return pair.secondKills().carry(parcel);
  }

  private void suspendAndResume() {
    done(reception.office().custody().suspend(NAME, "a test", OPERATOR));
    done(reception.office().custody().resume(NAME, OPERATOR));
  }

  @Test
  void what_takes_nothing_away_asks_for_none() {
    assertThat(asked()).isEmpty();
  }

  @Test
  void it_waits_until_no_node_can_have_missed_the_rule() {
    suspendAndResume();
    pair.clock.advance(Duration.ofSeconds(1));
    var given = reception.redeemed(customer.claimsAhead(pair, "somebody"));
    assertThat(carried(asked().getFirst())).isInstanceOf(Result.Pending.class);
    assertThat(reception.lives(given)).isTrue();
    pair.clock.advance(Duration.ofSeconds(1));
    assertThat(carried(asked().getFirst())).isInstanceOf(Result.Delivered.class);
    assertThat(reception.lives(given)).isFalse();
  }

  @Test
  @DisplayName("Carried again, because a node died before it was noted, it takes nothing more")
  void it_dies_once() {
    suspendAndResume();
    var asked = asked().getFirst();
    pair.clock.advance(Duration.ofSeconds(2));
    assertThat(carried(asked)).isInstanceOf(Result.Delivered.class);
    pair.clock.advance(Duration.ofSeconds(2));
    var given = reception.redeemed(customer.claimsAhead(pair, "somebody"));
    assertThat(carried(asked)).isInstanceOf(Result.Delivered.class);
    assertThat(reception.lives(given)).isTrue();
  }

  @Test
  @DisplayName("A clock that was ahead when it was asked for does not put it off")
  void asked_for_by_a_clock_that_was_ahead() {
    pair.clock.advance(Duration.ofDays(1));
    suspendAndResume();
    pair.clock.advance(Duration.ofDays(-1));
    assertThat(carried(asked().getFirst())).isInstanceOf(Result.Delivered.class);
  }
}
