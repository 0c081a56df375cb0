package dev.lanyard.server.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUD-3: two faces of a refusal; what the caller was told leads to why")
@Tag("thorough")
class DiagnosticsTest {

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder), folder);
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres(@TempDir Path folder) {
      super(TestDatabases.postgres(), folder);
    }
  }

  abstract static class Contract {
    private final DatabaseConfig config;
    private final Path folder;
    private Pair pair;
    private Desk desk;
    private Diagnostics diagnostics;

    Contract(DatabaseConfig config, Path folder) {
      this.config = config;
      this.folder = folder;
    }

    @BeforeEach
    void start() {
      pair = Pair.start(Setup.on(config, folder), folder);
      pair.person("alice", "engineering");
      desk = new Desk(pair);
      diagnostics = new Diagnostics(new AuditLog(pair.database));
    }

    @AfterEach
    void stop() {
      pair.close();
    }

    private Diagnosis found(String id) {
      return ((Diagnostics.Found.One) diagnostics.find(id)).diagnosis();
    }

    private Diagnosis why(Answer refused) {
      assertThat(refused.status()).as(refused.body()).isBetween(400, 503);
      return found(refused.text("correlation_id"));
    }

    private Cause cause(Answer refused) {
      var causes = why(refused).causes();
      assertThat(causes).hasSize(1);
      assertThat(causes.getFirst().advice()).isPresent();
      return causes.getFirst();
    }

    private String remedy(Answer refused) {
      return cause(refused).advice().orElseThrow().remedy();
    }

    @Test
    @DisplayName("A policy refusal: who, through what, for what, by which rule, and what to do")
    void policy() {
      var refused = desk.exchange(desk.idToken("alice"), World.NOTION);

      assertThat(refused.body()).as("the caller's face").doesNotContain("role", "engineering");
      var why = why(refused);
      assertThat(why.person()).isPresent();
      assertThat(why.client()).contains("desk");
      assertThat(why.target().orElseThrow()).contains(World.NOTION.value());
      var cause = cause(refused);
      assertThat(cause.detail().orElseThrow()).contains("no role of the person gives");
      assertThat(cause.requirement().orElseThrow())
          .isEqualTo(new Cause.Source("IDP-17", "ID-JAG draft-04 §4.3.3"));
      assertThat(remedy(refused)).contains("lanyard explain");
    }

    @Test
    @DisplayName("INT-5: a slash too much at the exchange: both strings, and where to look")
    void resource() {
      var almost = new ResourceIndicator(World.LINEAR.value() + "/");
      var refused = desk.exchange(desk.idToken("alice"), almost);
      assertThat(cause(refused).detail().orElseThrow()).contains(almost.value());
      assertThat(remedy(refused)).contains("trailing slash", "lanyard doctor");
    }

    @Test
    void the_values_that_were_compared_at_a_redemption() {
      var good = desk.redemption(desk.idJag("alice", World.LINEAR)).build();
      pair.clock.advance(Duration.ofMinutes(11));
      var refused = desk.redeem(good);

      var cause = cause(refused);
      assertThat(cause.check()).contains("exp");
      assertThat(cause.expected().orElseThrow()).contains("after 2026-11-23T09:11");
      assertThat(cause.actual().orElseThrow()).startsWith("2026-11-23T09:05");
      assertThat(cause.requirement().orElseThrow().section()).contains("RFC 7523 §3");
    }

    @Test
    @DisplayName("AUD-4: a wrong secret is nowhere in what the administrator sees")
    void wrong_secret() {
      var secret = "not-the-secret-of-anybody-at-all";
      var form = desk.exchangeRequest(desk.idToken("alice"), World.LINEAR).build();
      var refused =
          Http.post(pair.brokerUrl("/token"), form, Map.of("Authorization", basic("desk", secret)));

      assertThat(refused.status()).isEqualTo(401);
      var why = why(refused);
      assertThat(why.client()).as("nobody has proved it").contains("desk");
      assertThat(remedy(refused)).contains("lanyard client secret");
      assertThat(why.toJson().toJson()).doesNotContain(secret, "eyJ");
    }

    private static String basic(String client, String secret) {
      return "Basic "
          + Base64.getEncoder()
              .encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void somebody_was_disabled_meanwhile() {
      var token = desk.idToken("alice");
      var alice = pair.directory.findByUserName(World.ORGANISATION, "alice").orElseThrow();
      pair.happened(alice, Happening.DISABLED);
      var refused = desk.exchange(token, World.LINEAR);
      assertThat(cause(refused).actual()).contains("disabled");
      assertThat(remedy(refused)).contains("lanyard enable --user");
    }

    @Test
    @DisplayName("AUD-2: the redemption of an exchange belongs to it, and its replay does")
    void from_exchange_to_redemption() {
      var exchanged = desk.exchange(desk.idToken("alice"), World.LINEAR);
      var redemption = desk.redemption(exchanged.text("access_token")).build();
      var redeemed = desk.redeem(redemption);
      var replayed = desk.redeem(redemption);

      var why = why(replayed);
      assertThat(why.causes().getFirst().requirement().orElseThrow().id()).isEqualTo("RAS-8");
      assertThat(why.related())
          .extracting(one -> one.event().type() + " " + one.event().outcome().value())
          .containsExactly("token.exchange success", "token.redeem success");
      var fromTheOtherEnd = found(exchanged.header("Lanyard-Correlation-Id").orElseThrow());
      assertThat(fromTheOtherEnd.causes()).isEmpty();
      assertThat(fromTheOtherEnd.related())
          .extracting(one -> one.event().correlationId())
          .containsExactly(
              redeemed.header("Lanyard-Correlation-Id").orElseThrow(),
              replayed.text("correlation_id"));
    }

    @Test
    @DisplayName("An old id is found like a new one, whatever was recorded since")
    void long_ago() {
      var exchanged = desk.exchange(desk.idToken("alice"), World.LINEAR);
      var redeemed = desk.redeem(exchanged.text("access_token"));
      var alice = pair.directory.findByUserName(World.ORGANISATION, "alice").orElseThrow();
      var later =
          AuditEvent.of(
                  "token.refresh", Outcome.SUCCESS, pair.clock.instant(), "l", JsonObject.EMPTY)
              .withPerson(alice.id().value());
      pair.database.<Boolean>write(connection -> {
        AuditLog.append(connection, Collections.nCopies(3_000, later));
        return true;
      });

      assertThat(found(redeemed.header("Lanyard-Correlation-Id").orElseThrow()).related())
          .extracting(one -> one.event().type())
          .containsExactly("token.exchange");
    }

    @Test
    @DisplayName("AUD-2: also when nobody is known whom the assertion means")
    void without_a_person() {
      var guest = pair.personOf(World.ORGANISATION, "zoe", "zoe@elsewhere.example", "engineering");
      var exchanged = desk.exchange(desk.idToken(guest.userName()), World.LINEAR);
      pair.withBrokerElsewhere();
      var refused = desk.redeem(exchanged.text("access_token"));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(why(refused).related())
          .extracting(AuditRecord::event)
          .anySatisfy(one -> assertThat(one.type()).isEqualTo("token.exchange"));
    }

    @Test
    void the_beginning_is_enough_however_it_was_written_down() {
      var refused = desk.token(Form.builder().add("grant_type", "nonsense").build());
      var id = refused.text("correlation_id");
      assertThat(id).matches("[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}");
      assertThat(found(id.substring(0, 6)).correlationId()).isEqualTo(id);
      assertThat(found(id.toUpperCase(Locale.ROOT).replace('0', 'O').replace('-', ' ')))
          .extracting(Diagnosis::correlationId)
          .isEqualTo(id);
      assertThat(found(id.replace("-", "")).correlationId()).isEqualTo(id);
      assertThat(diagnostics.find(id.substring(0, 3)))
          .isInstanceOf(Diagnostics.Found.TooShort.class);
      assertThat(diagnostics.find("zzzz-zzzz-zzzz-zzzz"))
          .isInstanceOf(Diagnostics.Found.Nothing.class);
      assertThat(diagnostics.find("%%%%")).isInstanceOf(Diagnostics.Found.Nothing.class);
    }
  }
}
