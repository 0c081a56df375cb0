package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.governance.review.Evidence;
import dev.lanyard.server.governance.review.Population;
import dev.lanyard.server.governance.value.Kills.Kill;
import dev.lanyard.server.governance.value.Kills.Residual;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.receipts.ReceiptDesk;
import dev.lanyard.server.receipts.Receipts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    kept(incident, "ana", at, signed);
  }

  private void kept(String incident, String person, Instant at, Optional<String> signed) {
    var insert =
        "INSERT INTO receipt (incident, person, facts, sequence, correlation_id, at, final, signed)"
            + " VALUES (?, ?, '{}', 1, 'c', ?, 1, ?)";
    database.write(
        connection -> new Statements(connection).update(insert, incident, person, at, signed));
  }

  @Test
  void only_what_our_own_key_has_signed_counts() {
    kept("genuine", AT, Optional.of(signed(key)));
    kept("forged", AT, Optional.of(signed(SigningKey.generate(SigningAlgorithm.ES256))));
    kept("unsigned", AT, Optional.empty());
    kept("later", TO, Optional.of(signed(key)));

    assertThat(kills.during(FROM, TO))
        .containsExactly(
            new Kill(
                Optional.of(Duration.ofMillis(120)),
                false,
                true,
                Map.of("salesforce", new Residual(Duration.ofHours(8), Optional.empty()))));
    var item =
        kills.evidence(new Population.Everybody()).of(new Evidence.Period(FROM, TO)).getFirst();
    assertThat(item.facts().text("receipts")).contains("3");
    assertThat(item.facts().text("genuine")).contains("1");
    assertThat(item.lines())
        .anyMatch(line -> line.contains("refused everywhere after 120 ms"))
        .anyMatch(line -> line.startsWith("forged") && line.contains("no genuine receipt"));
  }

  @Test
  @DisplayName("SEC: a kill after which a connector took a dead token is no success, old or new")
  void a_probe_that_got_in() {
    var probe =
        JsonObject.builder()
            .put("connector", "https://lax.example/mcp")
            .put("by", "http")
            .put("outcome", "not_refused")
            .build();
    var claims =
        JsonObject.builder().put("refused_from", AT.toString()).put("probes", List.of(probe));
    var signer = new JwtSigner(key, ReceiptDesk.TYPE);
    kept("new", AT, Optional.of(signer.sign(claims.build())));
    // An earlier release claimed it all the same.
    kept(
        "old",
        AT,
        Optional.of(signer.sign(claims.put("refused_everywhere_by", AT.toString()).build())));

    assertThat(kills.during(FROM, TO)).hasSize(2).allMatch(kill -> kill.everywhere().isEmpty());
    var item =
        kills.evidence(new Population.Everybody()).of(new Evidence.Period(FROM, TO)).getFirst();
    assertThat(item.facts().text("not_refused")).contains("2");
    assertThat(item.lines()).allMatch(line -> line.contains("NOT refused everywhere"));
  }

  @Test
  @DisplayName("nor one after which nobody knows of a connector that it refuses")
  void a_connector_that_nobody_knows_of() {
    var residual =
        JsonObject.builder()
            .put("connector", "https://own.example/mcp")
            .put("no_new_token_from", AT.toString())
            .put("until_at_most", AT.plusSeconds(600).toString())
            .build();
    var claims =
        JsonObject.builder().put("refused_from", AT.toString()).put("residual", List.of(residual));
    kept("unknown", AT, Optional.of(new JwtSigner(key, ReceiptDesk.TYPE).sign(claims.build())));

    var left = new Residual(Duration.ZERO, Optional.of(Duration.ofMinutes(10)));
    assertThat(kills.during(FROM, TO))
        .containsExactly(
            new Kill(Optional.empty(), false, true, Map.of("https://own.example/mcp", left)));
    var item =
        kills.evidence(new Population.Everybody()).of(new Evidence.Period(FROM, TO)).getFirst();
    assertThat(item.facts().text("not_refused")).contains("0");
    assertThat(item.facts().text("not_known")).contains("1");
    assertThat(item.lines()).allMatch(line -> line.contains("not known to be refused everywhere"));
  }

  @Test
  void the_review_of_a_provider_holds_the_kills_of_its_people_and_those_of_nobody_alone() {
    var directory = Directory.open(database, new TestClock());
    var entra = new Issuer("https://entra.example");
    var created =
        directory.createLinked(
            new NewPerson("acme", "ben", Optional.empty(), "Ben", Set.of()),
            new ExternalSubject("acme", entra, "ben"));
    assertThat(created).isInstanceOf(Linking.Created.class);
    var ben = ((Linking.Created) created).person().id().value();
    kept("bens", ben, AT, Optional.of(signed(key)));
    kept("of-all", "", AT, Optional.of(signed(key)));
    var okta =
        new Population.Of(
            "okta",
            Map.of("okta", new Issuer("https://okta.example"), "entra", entra),
            directory,
            WhosePeople.of(World.ORGANISATION));

    var item = kills.evidence(okta).of(new Evidence.Period(FROM, TO)).getFirst();

    assertThat(item.lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("of-all"))
        .contains(
            "1 more are about people who come from other providers: they are in their reviews");
  }
}
