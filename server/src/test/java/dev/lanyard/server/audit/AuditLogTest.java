package dev.lanyard.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.database.Unit;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUD-1..4: the audit record")
class AuditLogTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123Z");

  private static AuditEvent event(String type, String correlationId) {
    return AuditEvent.of(
        type,
        Outcome.REFUSED,
        NOW,
        correlationId,
        JsonObject.builder()
            .put("check", "audience")
            .put("expected", "https://ras.example")
            .build());
  }

  abstract static class Contract {
    private final Database database;
    private final AuditLog log;

    Contract(DatabaseConfig config) {
      database = Database.open(config, InstantSource.fixed(NOW));
      log = new AuditLog(database);
    }

    @AfterEach
    void close() {
      database.close();
    }

    private List<String> found(AuditQuery query) {
      return log.query(query).stream().map(record -> record.event().correlationId()).toList();
    }

    @Test
    @DisplayName("An event is found again as it was")
    void round_trip() {
      var event =
          event("token.redeem", "c1").withOrganisation("acme").withPerson("p1").withClient("cl");

      log.append(event);

      assertThat(log.query(AuditQuery.newest(10)))
          .extracting(AuditRecord::event)
          .containsExactly(event);
    }

    @Test
    @DisplayName("AUD-4: what is about one organisation is read alone")
    void of_an_organisation() {
      log.append(event("token.redeem", "c1").withOrganisation("acme").withPerson("p1"));
      log.append(event("token.redeem", "c2").withOrganisation("other"));
      log.append(event("token.redeem", "c3"));
      log.append(event("sign-in", "c4").withOrganisation("acme"));

      assertThat(found(AuditQuery.newest(10).ofOrganisation("acme"))).containsExactly("c1", "c4");
      assertThat(found(AuditQuery.newest(10).ofOrganisation("acme").ofType("sign-in")))
          .containsExactly("c4");
      assertThat(found(AuditQuery.newest(10).ofOrganisation("ACME"))).isEmpty();
    }

    @Test
    @DisplayName("So many of the newest that memory would not hold them are handed on in pages")
    void in_pages() {
      database.write(connection -> {
        AuditLog.append(
            connection,
            IntStream.range(0, 10_002)
                .mapToObj(i -> event(i % 2 == 0 ? "token.redeem" : "sign-in", "c" + i))
                .toList());
        return connection;
      });
      var one = List.of("c10001");
      var all = IntStream.range(0, 10_002).mapToObj(i -> "c" + i).toList();

      assertThat(handedOn(AuditQuery.newest(1))).isEqualTo(one);
      assertThat(handedOn(AuditQuery.newest(5_000))).isEqualTo(all.subList(5_002, 10_002));
      assertThat(handedOn(AuditQuery.newest(10_001))).isEqualTo(all.subList(1, 10_002));
      assertThat(handedOn(AuditQuery.newest(Integer.MAX_VALUE))).isEqualTo(all);
      var query = AuditQuery.newest(100).ofType("sign-in").before(5_000);
      assertThat(handedOn(query)).isEqualTo(found(query)).hasSize(100);
      assertThat(log.each(query.ofType("token.exchange"), record -> fail("is there: " + record)))
          .isFalse();
    }

    private List<String> handedOn(AuditQuery query) {
      var ids = new ArrayList<String>();
      assertThat(log.each(query, record -> ids.add(record.event().correlationId()))).isTrue();
      return ids;
    }

    @Test
    @DisplayName("AUD-4: whoever may see what is concealed sees it by whatever way they come to it")
    void revealed() {
      log.append(event("token.redeem", "c1").withPerson("p1"));
      var shown = new ArrayList<AuditRecord>();
      var seeing =
          new AuditLog(
              database,
              records -> {
                shown.addAll(records);
                return records;
              });

      assertThat(seeing.query(AuditQuery.newest(10))).isEqualTo(shown).hasSize(1);
      shown.clear();
      seeing.each(AuditQuery.newest(10), record -> assertThat(shown).contains(record));
      assertThat(shown).hasSize(1);
      shown.clear();
      assertThat(seeing.around("p1", 1, 10)).isEqualTo(shown).hasSize(1);
      shown.clear();
      assertThat(seeing.between(Set.of("token.redeem"), 0, 9)).isEqualTo(shown).hasSize(1);
      shown.clear();
      seeing.each(Set.of("token.redeem"), NOW, record -> assertThat(shown).contains(record));
      assertThat(shown).hasSize(1);
    }

    @Test
    @DisplayName("Without organisation, person and client it is found without")
    void absent() {
      log.append(event("client.refused", "c1"));

      assertThat(log.query(AuditQuery.newest(1)))
          .extracting(AuditRecord::event)
          .containsExactly(event("client.refused", "c1"));
    }

    @Test
    @DisplayName("Records keep the order in which they were made, the newest last")
    void order() {
      for (int i = 0; i < 20; i++) {
        log.append(event("token.code", "c" + i));
      }

      assertThat(found(AuditQuery.newest(3))).containsExactly("c17", "c18", "c19");
      assertThat(log.query(AuditQuery.newest(100)))
          .extracting(AuditRecord::sequence)
          .hasSize(20)
          .isSorted()
          .doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("Records are found by person, by request and by type, and by all of them")
    void query() {
      log.append(event("sign-in", "c1").withPerson("ann"));
      log.append(event("token.redeem", "c2").withPerson("ann"));
      log.append(event("token.redeem", "c3").withPerson("bob"));
      log.append(event("token.redeem", "c4"));

      assertThat(found(AuditQuery.newest(9).ofPerson("ann"))).containsExactly("c1", "c2");
      assertThat(found(AuditQuery.newest(9).ofRequest("c4"))).containsExactly("c4");
      assertThat(found(AuditQuery.newest(9).ofType("token.redeem")))
          .containsExactly("c2", "c3", "c4");
      assertThat(found(AuditQuery.newest(9).ofType("token.redeem").ofPerson("ann")))
          .containsExactly("c2");
      assertThat(found(AuditQuery.newest(9).ofPerson("' OR 1 = 1 --"))).isEmpty();
    }

    @Test
    @DisplayName("Records of a time are found among many, also where clocks disagree for minutes")
    void during() {
      var events = new ArrayList<AuditEvent>();
      for (int minute = 0; minute < 600; minute++) {
        // Every seventh is from a node whose clock is slow.
        var at = NOW.plusSeconds(60L * (minute % 7 == 0 ? minute - 30 : minute));
        events.add(
            AuditEvent.of(
                "sign-in", Outcome.SUCCESS, at, String.valueOf(minute), JsonObject.EMPTY));
      }
      database.write(connection -> {
        AuditLog.append(connection, events);
        return true;
      });
      var from = NOW.plusSeconds(60 * 100);
      var found = new ArrayList<Integer>();
      log.during(
          Set.of("sign-in"),
          from,
          from.plusSeconds(60 * 100),
          record -> found.add(Integer.parseInt(record.event().correlationId())));

      assertThat(found)
          .isEqualTo(
              IntStream.range(0, 600)
                  .filter(one -> one % 7 == 0 ? one >= 130 && one < 230 : one >= 100 && one < 200)
                  .boxed()
                  .toList());
      log.during(Set.of("sign-in"), NOW.minusSeconds(9_000), NOW.minusSeconds(8_000), _ -> fail());
      log.during(Set.of("sign-in"), NOW.plusSeconds(90_000), NOW.plusSeconds(99_000), _ -> fail());
    }

    @Test
    @DisplayName("AUD-4: what has the shape of a token does not get in")
    void no_tokens() {
      var jws = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl";
      var jwe = "eyJhbGciOiJFQ0RILUVTIn0..aXY.Y2lwaGVydGV4dA.dGFn";
      var evidence =
          JsonObject.builder()
              .put("jti", "eyJ-not-a-token")
              .put("said", "a " + jws + " and " + jwe)
              .build();

      log.append(AuditEvent.of("sign-in", Outcome.FAULT, NOW, "c", evidence));

      assertThat(log.query(AuditQuery.newest(1)).getFirst().event().evidence().toJson())
          .isEqualTo(
              "{\"jti\":\"eyJ-not-a-token\",\"said\":\"a [token removed] and [token removed]\"}");
    }

    @Test
    @DisplayName("AUD-6: when it cannot be written, neither can what it is about")
    void unwritable() {
      database.<Boolean>write(
          connection -> connection.createStatement().execute("ALTER TABLE audit RENAME TO gone"));

      assertThatThrownBy(() -> log.append(event("sign-in", "c")))
          .isInstanceOf(DatabaseException.class);
      assertThatThrownBy(() ->
              database.groupCommit().commit(Unit.of(List.of(AuditLog.row(event("sign-in", "c"))))))
          .isInstanceOf(DatabaseException.class);
    }

    @Test
    @DisplayName("In a transaction it is there if, and only if, the rest is")
    void in_a_transaction() {
      assertThatThrownBy(() ->
              database.write(connection -> {
                AuditLog.append(connection, event("person.disabled", "lost"));
                throw new SQLException("the rest failed");
              }))
          .isInstanceOf(DatabaseException.class);
      database.<Boolean>write(connection -> {
        AuditLog.append(connection, event("person.disabled", "kept"));
        return true;
      });

      assertThat(found(AuditQuery.newest(9))).containsExactly("kept");
    }
  }

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

  @Test
  @DisplayName("There is no way to change or remove a record")
  void append_only() {
    var operations =
        Arrays.stream(AuditLog.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(method -> method.getName());

    assertThat(operations)
        .containsOnly(
            "row",
            "append",
            "begin",
            "query",
            "each",
            "eachOf",
            "between",
            "around",
            "lasting",
            "within",
            "during",
            "first",
            "following",
            "correlationIds");
  }
}
