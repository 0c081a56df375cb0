package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.governance.review.Evidence;
import dev.lanyard.server.governance.value.Kills.Kill;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.receipts.ReceiptDesk;
import dev.lanyard.server.receipts.Receipts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Mission fact 3: kill latencies and residual windows, from receipts that are genuine")
class ReceiptKillsTest {
  private static final Instant FROM = Instant.parse("2026-10-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant AT = Instant.parse("2026-10-05T08:00:00Z");

  private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);
  private Database database;
  private ReceiptKills kills;

  @BeforeEach
  void open(@TempDir Path folder) {
    database = Database.open(TestDatabases.sqlite(folder), new TestClock());
    kills =
        new ReceiptKills(new Receipts(database), () -> new PublicKeySet(List.of(key.publicKey())));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static String signed(SigningKey by) {
    var residual =
        JsonObject.builder()
            .put("connector", "salesforce")
            .put("no_new_token_from", AT.plus(Duration.ofHours(8)).toString())
            .build();
    return new JwtSigner(by, ReceiptDesk.TYPE)
        .sign(
            JsonObject.builder()
                .put("refused_from", AT.toString())
                .put("refused_everywhere_by", AT.plusMillis(120).toString())
                .put("residual", List.of(residual))
                .build());
  }

  private void kept(String incident, Instant at, Optional<String> signed) {
    var insert =
        "INSERT INTO receipt (incident, person, facts, sequence, correlation_id, at, final, signed)"
            + " VALUES (?, 'ana', '{}', 1, 'c', ?, 1, ?)";
    database.write(connection -> new Statements(connection).update(insert, incident, at, signed));
  }

  @Test
  void only_what_our_own_key_has_signed_counts() {
    kept("genuine", AT, Optional.of(signed(key)));
    kept("forged", AT, Optional.of(signed(SigningKey.generate(SigningAlgorithm.ES256))));
    kept("unsigned", AT, Optional.empty());
    kept("later", TO, Optional.of(signed(key)));

    assertThat(kills.during(FROM, TO))
        .containsExactly(
            new Kill(Duration.ofMillis(120), true, Map.of("salesforce", Duration.ofHours(8))));
    var item = kills.of(new Evidence.Period(FROM, TO)).getFirst();
    assertThat(item.facts().text("receipts")).contains("3");
    assertThat(item.facts().text("genuine")).contains("1");
    assertThat(item.lines())
        .anyMatch(line -> line.contains("refused everywhere after 120 ms"))
        .anyMatch(line -> line.startsWith("forged") && line.contains("no genuine receipt"));
  }
}
