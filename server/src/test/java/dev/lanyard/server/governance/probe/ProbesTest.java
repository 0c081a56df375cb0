package dev.lanyard.server.governance.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.catalog.KnownConnector;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.governance.probe.Probes.Probed;
import dev.lanyard.server.governance.probe.Probes.Target;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Probes: dated evidence, in turn, and an alarm where the catalogue says otherwise")
class ProbesTest {
  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }

  abstract static class Contract {
    private static final Duration DAY = Duration.ofDays(1);

    private final DatabaseConfig config;
    private final TestClock clock = new TestClock();
    private final Vendor vendor = Vendor.live();
    private Database database;
    private Probes probes;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      database = Database.open(config, clock);
      probes = probes(database);
    }

    @AfterEach
    void close() {
      database.close();
      vendor.close();
    }

    private Probes probes(Database on) {
      var egress =
          new EgressClient(
              EgressPolicy.strict()
                  .exposingLoopback()
                  .limitedTo(Duration.ofMinutes(1), 256 * 1024));
      return new Probes(on, egress, _ -> {}, clock);
    }

    private Target target(Optional<KnownConnector> known) {
      return new Target("ours", vendor.address(), known);
    }

    /// As an entry of the catalogue says it: Linear is live, Salesforce is tracked.
    private Target target(String known) {
      return target(KnownWorld.builtIn().connector(known));
    }

    private Probed look(Target target) {
      clock.advance(DAY);
      return probes.now(List.of(target)).getFirst();
    }

    private List<String> events() {
      return new AuditLog(database)
          .query(AuditQuery.newest(100)).stream().map(one -> one.event().type()).toList();
    }

    private List<String> alarms() {
      return new Alarms(database)
          .standing().stream()
              .map(one -> one.alarm().kind() + " " + one.alarm().subject())
              .toList();
    }

    private Optional<Bucket> bucket(Instant at) {
      return Optional.ofNullable(new EvidenceLog(database).at(at).get(vendor.address()))
          .flatMap(one -> one.last().finding().bucket());
    }

    @Test
    @DisplayName(
        "What is found again is one evidence that lives longer; what is new begins another")
    void evidence() {
      var first = look(target(Optional.empty()));
      var second = look(target(Optional.empty()));
      assertThat(second.evidence().since()).isEqualTo(first.evidence().since());
      assertThat(second.evidence().confirmed()).isEqualTo(clock.instant());
      assertThat(second.evidence().looks()).isEqualTo(2);

      vendor.publishes(Vendor.SERVER_METADATA, vendor.server(false));
      var third = look(target(Optional.empty()));
      assertThat(third.evidence().since()).isEqualTo(clock.instant());
      assertThat(third.evidence().looks()).isEqualTo(1);
      assertThat(events()).containsExactly("probe.changed", "probe.changed");
      assertThat(alarms()).isEmpty();

      assertThat(bucket(first.evidence().since().minusMillis(1))).isEmpty();
      assertThat(bucket(first.evidence().since())).contains(Bucket.LIVE);
      assertThat(bucket(clock.instant())).contains(Bucket.TRACKING);
      var then = new EvidenceLog(database).at(first.evidence().since()).get(vendor.address());
      assertThat(then.last().confirmed()).isEqualTo(first.evidence().since());
    }

    @Test
    @DisplayName("Who gives no answer is unknown, and what was known before is kept with its date")
    void no_answer() {
      var _ = look(target(Optional.empty()));
      vendor.answers(Vendor.RESOURCE_METADATA, 500, Map.of(), "");
      var unknown = look(target(Optional.empty()));
      var known = new EvidenceLog(database).at(clock.instant()).get(vendor.address());
      assertThat(known.last()).isEqualTo(unknown.evidence());
      assertThat(known.last().finding().bucket()).isEmpty();
      assertThat(known.definite().orElseThrow().finding().bucket()).contains(Bucket.LIVE);
    }

    @Test
    @DisplayName(
        "Found again after a night without an answer, or with another detail, it is not newly so")
    void goes_on() {
      var first = look(target(Optional.empty()));
      vendor.answers(Vendor.RESOURCE_METADATA, 500, Map.of(), "");
      var _ = look(target(Optional.empty()));
      vendor.publishes(Vendor.RESOURCE_METADATA, vendor.resource(vendor.at("/as")));
      var again = look(target(Optional.empty()));
      assertThat(again.evidence().since()).isEqualTo(clock.instant());

      var definite = definite();
      assertThat(definite.since()).isEqualTo(first.evidence().since());
      assertThat(definite.confirmed()).isEqualTo(clock.instant());
      assertThat(definite.looks()).isEqualTo(2);

      vendor.publishes(Vendor.SERVER_METADATA, vendor.server(false));
      var _ = look(target(Optional.empty()));
      assertThat(definite().since()).isEqualTo(clock.instant());
    }

    private Evidence definite() {
      return new EvidenceLog(database)
          .at(clock.instant())
          .get(vendor.address())
          .definite()
          .orElseThrow();
    }

    @Test
    @DisplayName(
        "What contradicts the catalogue is an alarm and one audit record, until it does not")
    void contradiction() {
      vendor.publishes(Vendor.SERVER_METADATA, vendor.server(false));
      var probed = look(target("linear"));
      assertThat(probed.contradiction().orElseThrow())
          .contains("the catalogue says 'live'", "2026-11-23: EMA", "known-world.yaml:");
      assertThat(look(target("linear")).contradiction()).isPresent();
      assertThat(alarms()).containsExactly("probe-contradicts ours");
      assertThat(events()).containsExactly("probe.changed", "probe.contradicted");

      vendor.answers(Vendor.RESOURCE_METADATA, 500, Map.of(), "");
      assertThat(look(target("linear")).contradiction()).isEmpty();
      assertThat(alarms()).as("no answer takes nothing back").hasSize(1);

      vendor.publishes(Vendor.RESOURCE_METADATA, vendor.resource(vendor.at("/as")));
      vendor.publishes(Vendor.SERVER_METADATA, vendor.server(true));
      var _ = look(target("linear"));
      assertThat(alarms()).isEmpty();
    }

    @Test
    @DisplayName(
        "That one is there which the catalogue only tracks is told too; that an announced one"
            + " is not there yet is none")
    void announced() {
      assertThat(look(target("salesforce")).contradiction()).isPresent();
      vendor.publishes(Vendor.SERVER_METADATA, vendor.server(false));
      assertThat(look(target("hubspot")).contradiction()).isEmpty();
      assertThat(look(target("salesforce")).contradiction()).isEmpty();
    }

    @Test
    @DisplayName("Of two nodes at once one looks, and nobody looks again before it is due")
    void in_turn() throws InterruptedException {
      try (var other = Database.open(config, clock)) {
        var nodes = List.of(probes, probes(other));
        var next = new AtomicInteger();
        var looked = new AtomicInteger();
        AtOnce.run(
            2,
            () ->
                looked.addAndGet(
                    nodes
                        .get(next.getAndIncrement())
                        .inTurn(List.of(target(Optional.empty())), DAY)
                        .size()));
        assertThat(looked).hasValue(1);
        clock.advance(DAY.minusMillis(1));
        assertThat(probes.inTurn(List.of(target(Optional.empty())), DAY)).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(probes.inTurn(List.of(target(Optional.empty())), DAY)).hasSize(1);
      }
    }

    @Test
    @DisplayName("Of a node that dies with the turn the next one has it when the lease is over")
    void dies() {
      var address = vendor.address();
      assertThat(
              database.<Boolean>write(connection ->
                  new EvidenceTables(connection)
                      .take(address, clock.instant(), Duration.ofMinutes(5))))
          .isTrue();
      clock.advance(Duration.ofMinutes(5).minusMillis(1));
      assertThat(probes.inTurn(List.of(target(Optional.empty())), DAY)).isEmpty();
      clock.advance(Duration.ofMillis(1));
      assertThat(probes.inTurn(List.of(target(Optional.empty())), DAY)).hasSize(1);
    }

    @Test
    @DisplayName("Who gives no answer is asked less and less; who asks for patience gets it")
    void back_off() {
      vendor.answers(Vendor.MCP, 503, Map.of("Retry-After", "604800"), "");
      assertThat(days()).isEqualTo(7);
      vendor.challenges();
      vendor.answers(Vendor.RESOURCE_METADATA, 500, Map.of(), "");
      assertThat(days()).isEqualTo(4);
      assertThat(days()).isEqualTo(8);
      assertThat(days()).isEqualTo(8);
      vendor.publishes(Vendor.RESOURCE_METADATA, vendor.resource(vendor.at("/as")));
      assertThat(days()).isEqualTo(1);
    }

    /// Looks, and counts the days until it is due again.
    private int days() {
      assertThat(probes.inTurn(List.of(target(Optional.empty())), DAY)).hasSize(1);
      for (int i = 1; ; i++) {
        clock.advance(DAY);
        if (database.<Boolean>write(
            connection ->
                new EvidenceTables(connection)
                    .take(vendor.address(), clock.instant(), Duration.ZERO))) {
          return i;
        }
      }
    }
  }
}
