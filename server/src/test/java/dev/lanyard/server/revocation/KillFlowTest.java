package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.ExchangeRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.delivery.Held;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Reconciliation.Pace;
import dev.lanyard.server.revocation.ReconciliationReport.Fault;
import dev.lanyard.server.sessions.LiveGrants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The kill at every place that issues or checks")
class KillFlowTest {
  private static final Source ADMIN = Source.of(Source.Kind.ADMIN, "root");
  private static final String DEAD = "{\"active\":false}";

  @TempDir Path folder;
  private Pair pair;
  private Person alice;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    alice = pair.person("alice", "engineering");
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  /// Everything that a sign-in gives, before anything happens.
  private final class Holdings {
    final Desk desk;
    final String idToken;
    final String refreshToken;
    final String idJag;
    final String accessToken;

    Holdings() {
      this(new Desk(pair));
    }

    Holdings(Desk desk) {
      this(desk, desk.signedIn("alice", "openid offline_access"));
    }

    /// @param signedIn what came of a sign-in, or of its renewal
    Holdings(Desk desk, Answer signedIn) {
      this.desk = desk;
      idToken = signedIn.text("id_token");
      refreshToken = signedIn.text("refresh_token");
      idJag = desk.exchange(idToken, World.LINEAR).text("access_token");
      accessToken = desk.redeem(again()).text("access_token");
    }

    private String again() {
      return desk.exchange(idToken, World.LINEAR).text("access_token");
    }

    boolean signedIn() {
      return desk.authorize(desk.authorization("openid").build()).status() == 303;
    }

    Answer exchange() {
      return desk.exchange(idToken, World.LINEAR);
    }

    Answer refresh() {
      return desk.token(
          Form.builder()
              .add("grant_type", "refresh_token")
              .add("refresh_token", refreshToken)
              .build());
    }

    Answer redeem() {
      return desk.redeem(idJag);
    }

    boolean callSucceeds() {
      return !desk.introspect(accessToken, "linear-server").body().equals(DEAD);
    }
  }

  private Reaction report(Subject subject, Happening what) {
    return pair.revocation.report(ADMIN, subject, what, "a test", "test");
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "DISABLED",
        "DELETED",
        "SESSIONS_REVOKED",
        "TOKENS_REVOKED",
        "CREDENTIAL_COMPROMISED",
        "DEVICE_NOT_COMPLIANT",
        "RISK_RAISED",
        "IDENTIFIER_RECYCLED"
      })
  @DisplayName("DPR-2: nothing that was issued counts, anywhere")
  void everything_dies(Happening what) {
    var held = new Holdings();
    pair.happened(alice, what);
    assertThat(held.signedIn()).isFalse();
    assertThat(held.exchange().status()).isEqualTo(400);
    assertThat(held.refresh().status()).isEqualTo(400);
    assertThat(held.redeem().status()).isEqualTo(400);
    assertThat(held.callSucceeds()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"CREDENTIAL_CHANGED", "ASSURANCE_LOWERED"})
  @DisplayName("DPR-2: who must sign in again keeps what a good sign-in gave")
  void sign_in_again(Happening what) {
    var held = new Holdings();
    pair.happened(alice, what);
    assertThat(held.signedIn()).isFalse();
    assertThat(held.exchange().status()).isEqualTo(400);
    assertThat(held.refresh().status()).isEqualTo(400);
    assertThat(held.callSucceeds()).isTrue();
    assertThat(new Desk(pair).idToken("alice")).isNotBlank();
  }

  @Test
  @DisplayName("DPR-3: after the person is back no old token lives again")
  void nothing_revives() {
    var held = new Holdings();
    pair.happened(alice, Happening.DISABLED);
    pair.clock.advance(Duration.ofMinutes(1));
    pair.happened(alice, Happening.ENABLED);
    assertThat(held.signedIn()).isFalse();
    assertThat(held.exchange().status()).isEqualTo(400);
    assertThat(held.refresh().status()).isEqualTo(400);
    assertThat(held.redeem().status()).isEqualTo(400);
    assertThat(held.callSucceeds()).isFalse();
    assertThat(new Holdings().callSucceeds()).isTrue();
  }

  @Test
  @DisplayName("Nobody else is harmed")
  void others_go_on() {
    var held = new Holdings();
    var bob = pair.person("bob", "engineering");
    pair.happened(bob, Happening.DISABLED);
    assertThat(held.signedIn()).isTrue();
    assertThat(held.callSucceeds()).isTrue();
    assertThat(held.redeem().status()).isEqualTo(200);
  }

  @Test
  @DisplayName("DPR-2: a session ends with what came of it, and the other one lives on")
  void a_session_ends_alone() {
    var one = new Holdings();
    var two = new Holdings();
    var session = session(one.idToken);
    assertThat(report(new Subject.Session(session), Happening.SESSIONS_REVOKED))
        .isInstanceOf(Reaction.Done.class);
    assertThat(one.signedIn()).isFalse();
    assertThat(one.exchange().status()).isEqualTo(400);
    assertThat(one.redeem().status()).isEqualTo(400);
    assertThat(one.callSucceeds()).isFalse();
    assertThat(two.signedIn()).isTrue();
    assertThat(two.redeem().status()).isEqualTo(200);
    assertThat(two.callSucceeds()).isTrue();
  }

  @Test
  @DisplayName("A late end of sessions kills what they have renewed since, and no new sign-in")
  void a_late_end_of_sessions() {
    var old = new Holdings();
    pair.clock.advance(Duration.ofMinutes(2));
    var happened = pair.clock.instant();
    pair.clock.advance(Duration.ofMinutes(1));
    var renewed = new Holdings(old.desk, old.refresh());
    var since = new Holdings();
    pair.clock.advance(Duration.ofMinutes(1));
    pair.revocation.accept(late("1", Happening.SESSIONS_REVOKED, happened));
    assertThat(renewed.signedIn()).isFalse();
    assertThat(renewed.exchange().status()).isEqualTo(400);
    assertThat(renewed.redeem().status()).isEqualTo(400);
    assertThat(renewed.callSucceeds()).isFalse();
    assertThat(renewed.refresh().status()).isEqualTo(400);
    assertThat(since.signedIn()).isTrue();
    assertThat(since.redeem().status()).isEqualTo(200);
    assertThat(since.callSucceeds()).isTrue();
    assertThat(since.refresh().status()).isEqualTo(200);
  }

  @Test
  @DisplayName("A late change of a password kills renewed sign-ins, and no access")
  void a_late_change_of_a_password() {
    var old = new Holdings();
    pair.clock.advance(Duration.ofMinutes(2));
    var happened = pair.clock.instant();
    pair.clock.advance(Duration.ofMinutes(1));
    var renewed = new Holdings(old.desk, old.refresh());
    pair.clock.advance(Duration.ofMinutes(1));
    pair.revocation.accept(late("1", Happening.CREDENTIAL_CHANGED, happened));
    assertThat(renewed.signedIn()).isFalse();
    assertThat(renewed.exchange().status()).isEqualTo(400);
    assertThat(renewed.refresh().status()).isEqualTo(400);
    assertThat(renewed.callSucceeds()).isTrue();
  }

  private Signal late(String id, Happening what, Instant happened) {
    var idp = Source.of(Source.Kind.SHARED_SIGNALS, "idp");
    return new Signal(idp, id, new Subject.Person(alice.id()), what, happened, "a test", "test");
  }

  @Test
  @DisplayName("What a node has renewed that had not heard of the end is dead by its session")
  void renewed_before_the_node_had_heard() {
    var held = new Holdings();
    pair.happened(alice, Happening.SESSIONS_REVOKED);
    long later = pair.clock.instant().plusSeconds(10).toEpochMilli();
    pair.database.write(connection -> {
      try (var update = connection.prepareStatement("UPDATE refresh_token SET issued_at = ?")) {
        update.setLong(1, later);
        return update.executeUpdate();
      }
    });
    assertThat(held.refresh().status()).isEqualTo(400);
  }

  private static String session(String jwt) {
    return claim(jwt, "sid");
  }

  private static String claim(String jwt, String name) {
    try {
      var body =
          new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]), StandardCharsets.UTF_8);
      return JsonObject.parse(body).nonEmptyString(name);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Nested
  @DisplayName("What an administrator stops")
  class Stopped {
    @Test
    @DisplayName("one token dies alone")
    void token() {
      var one = new Holdings();
      var two = new Holdings();
      report(new Subject.Token(claim(one.accessToken, "jti")), Happening.TOKENS_REVOKED);
      assertThat(one.callSucceeds()).isFalse();
      assertThat(one.redeem().status()).isEqualTo(200);
      assertThat(two.callSucceeds()).isTrue();
    }

    @Test
    @DisplayName("a client is no client until it is enabled; its old tokens stay dead")
    void client() {
      var held = new Holdings();
      var atRas = new Subject.Client(pair.ras(), new ClientId("desk-ras"));
      var atBroker = new Subject.Client(pair.broker(), new ClientId("desk"));
      for (var subject : List.of(atRas, atBroker)) {
        report(subject, Happening.DISABLED);
      }
      assertThat(held.exchange().status()).isEqualTo(401);
      assertThat(held.refresh().status()).isEqualTo(401);
      assertThat(held.redeem().status()).isEqualTo(401);
      assertThat(held.signedIn()).isFalse();
      assertThat(held.callSucceeds()).isFalse();
      pair.clock.advance(Duration.ofMinutes(1));
      for (var subject : List.of(atRas, atBroker)) {
        report(subject, Happening.ENABLED);
      }
      assertThat(held.callSucceeds()).isFalse();
      assertThat(held.exchange().status()).isEqualTo(400);
      assertThat(new Holdings().callSucceeds()).isTrue();
    }

    @Test
    @DisplayName("a connector is out of service: 503, so that clients keep their sign-in")
    void connector() {
      var held = new Holdings();
      var linear = new Subject.Connector(World.LINEAR);
      report(linear, Happening.DISABLED);
      assertThat(held.callSucceeds()).isFalse();
      assertThat(held.exchange().status()).isEqualTo(503);
      assertThat(held.redeem().status()).isEqualTo(503);
      var salesperson = pair.person("sam", "sales");
      assertThat(salesperson.active()).isTrue();
      var notion = new Desk(pair).accessToken("sam", World.NOTION);
      assertThat(new Desk(pair).introspect(notion, "notion-server").body()).contains("true");
      pair.clock.advance(Duration.ofSeconds(2));
      report(linear, Happening.ENABLED);
      assertThat(held.callSucceeds()).isFalse();
      assertThat(held.exchange().status()).isEqualTo(200);
      assertThat(new Holdings().callSucceeds()).isTrue();
    }

    @Test
    @DisplayName("an issuer speaks for nobody until it is enabled")
    void issuer() {
      var held = new Holdings();
      var provider = new Subject.Provider(pair.broker());
      report(provider, Happening.DISABLED);
      assertThat(held.redeem().status()).isEqualTo(400);
      assertThat(held.callSucceeds()).isFalse();
      pair.clock.advance(Duration.ofSeconds(2));
      report(provider, Happening.ENABLED);
      assertThat(held.callSucceeds()).isFalse();
      assertThat(new Holdings().callSucceeds()).isTrue();
      report(new Subject.Provider(new Issuer("https://else.example")), Happening.DISABLED);
      assertThat(new Holdings().callSucceeds()).isTrue();
    }

    @Test
    @DisplayName("everything: nothing is issued, nothing counts, and nobody is told to sign out")
    void everything() {
      var held = new Holdings();
      report(new Subject.Everything(), Happening.DISABLED);
      assertThat(held.callSucceeds()).isFalse();
      assertThat(held.exchange().status()).isEqualTo(503);
      assertThat(held.refresh().status()).isEqualTo(503);
      assertThat(held.redeem().status()).isEqualTo(503);
      assertThat(held.signedIn()).isFalse();
      pair.clock.advance(Duration.ofSeconds(2));
      report(new Subject.Everything(), Happening.ENABLED);
      assertThat(held.callSucceeds()).isFalse();
      assertThat(held.exchange().status()).isEqualTo(400);
      assertThat(new Holdings().callSucceeds()).isTrue();
    }

    @Test
    @DisplayName("a token given back by its client dies at once, in the very second of its issue")
    void given_back() {
      var held = new Holdings();
      var form = Form.builder().add("token", held.accessToken).build();
      assertThat(Http.post(pair.rasUrl("/revoke"), form, Desk.basic("desk-ras")).status())
          .isEqualTo(200);
      assertThat(held.callSucceeds()).isFalse();
    }
  }

  @Nested
  @DisplayName("DPR-2, POL-4: who loses a group loses what it gave, and nothing else")
  class Losers {
    private String notion;

    @BeforeEach
    void inTwoGroups() {
      pair.putGroups(alice, "engineering", "sales");
      notion = new Desk(pair).accessToken("alice", World.NOTION);
    }

    private boolean notionCallSucceeds() {
      return !new Desk(pair).introspect(notion, "notion-server").body().equals(DEAD);
    }

    @Test
    void a_group_is_lost() {
      var held = new Holdings();
      pair.clock.advance(Duration.ofSeconds(2));
      pair.putGroups(alice, "sales");
      pair.happened(alice, Happening.GROUPS_CHANGED);
      assertThat(held.callSucceeds()).isFalse();
      assertThat(held.redeem().status()).as("an ID-JAG from before").isEqualTo(400);
      assertThat(notionCallSucceeds()).isTrue();
      assertThat(held.signedIn()).as("silence is kept").isTrue();
    }

    @Test
    void a_group_is_gained_and_nothing_is_lost() {
      var held = new Holdings();
      pair.putGroups(alice, "engineering", "sales", "more");
      pair.happened(alice, Happening.GROUPS_CHANGED);
      assertThat(held.callSucceeds()).isTrue();
      assertThat(notionCallSucceeds()).isTrue();
    }

    @Test
    void the_library_gives_less() throws IOException {
      var held = new Holdings();
      pair.clock.advance(Duration.ofSeconds(2));
      var file = folder.resolve("library/roles.yaml");
      Files.writeString(
          file,
          Files.readString(file)
              .replace("linear: [issues.read, issues.write]", "linear: [issues.read]"));
      // A change counts when two looks find the same.
      pair.library.poll();
      pair.library.poll();
      pair.policyTakesFrom(alice.id());
      assertThat(held.callSucceeds()).isFalse();
      assertThat(notionCallSucceeds()).isTrue();
      assertThat(held.exchange().status()).isEqualTo(200);
    }

    @Test
    @DisplayName("what nobody reported the reconciliation finds, kills and alarms")
    void nobody_reported_it() {
      var held = new Holdings();
      pair.putGroups(alice, "sales");
      assertThat(held.callSucceeds()).isTrue();
      assertThat(pair.reconciliation.run().findings()).as("too fresh to be judged").isEmpty();
      pair.clock.advance(Duration.ofMinutes(2));
      assertThat(pair.reconciliation.run().findings())
          .singleElement()
          .satisfies(found -> assertThat(found.fault()).isEqualTo(Fault.GRANT_OUTSIDE_POLICY));
      assertThat(held.callSucceeds()).isFalse();
      assertThat(notionCallSucceeds()).isTrue();
      assertThat(pair.reconciliation.run().findings()).isEmpty();
    }
  }

  @Nested
  @DisplayName("Reconciliation: disabled but alive is an incident")
  class Reconciled {
    private static final Duration TURN = Duration.ofSeconds(90);

    @Test
    void all_is_well() {
      var held = new Holdings();
      pair.happened(pair.person("bob", "sales"), Happening.DISABLED);
      var report = pair.reconciliation.run();
      assertThat(report.findings()).isEmpty();
      assertThat(report.people()).isEqualTo(2);
      assertThat(report.disabled()).isEqualTo(1);
      assertThat(report.grants()).isEqualTo(1);
      assertThat(held.callSucceeds()).isTrue();
    }

    @Test
    @DisplayName("a rule about the age of a sign-in takes nothing away when time has passed")
    void time_alone_takes_nothing() throws IOException {
      var file = folder.resolve("library/roles.yaml");
      Files.writeString(
          file,
          Files.readString(file)
              .replace(
                  "connectors: {linear: [issues.read, issues.write]",
                  """
                  conditions:
                        fresh: {when: "now - auth.auth_time <= duration('1m')", step_up: {max_age: 1m}}
                      connectors: {linear: [issues.read, issues.write]\
                  """));
      pair.library.poll();
      pair.library.poll();
      var held = new Holdings();
      pair.clock.advance(Duration.ofMinutes(3));
      assertThat(pair.reconciliation.run().findings()).isEmpty();
      assertThat(held.callSucceeds()).isTrue();
      execute("UPDATE session SET auth_time = NULL");
      assertThat(pair.reconciliation.run().findings()).as("unknown is not fresh").isNotEmpty();
    }

    @Test
    @DisplayName("a rule about the hour takes nothing away when the hour has passed")
    void the_hour_alone_takes_nothing() throws IOException {
      var file = folder.resolve("library/roles.yaml");
      var soon = pair.clock.instant().plusSeconds(30);
      Files.writeString(
          file,
          Files.readString(file)
              .replace(
                  "connectors: {linear: [issues.read, issues.write]",
                  """
                  conditions:
                        today: {when: "now < timestamp('%s')"}
                      connectors: {linear: [issues.read, issues.write]\
                  """
                      .formatted(soon)));
      pair.library.poll();
      pair.library.poll();
      var held = new Holdings();
      pair.clock.advance(Duration.ofMinutes(3));
      assertThat(pair.reconciliation.run().findings()).isEmpty();
      assertThat(held.callSucceeds()).isTrue();
      assertThat(new Alarms(pair.database).standing()).isEmpty();
      assertThat(new Desk(pair).exchange(new Desk(pair).idToken("alice"), World.LINEAR).status())
          .as("nobody gets a new one")
          .isEqualTo(400);
    }

    @Test
    void somebody_was_switched_off_past_the_pipeline() {
      var held = new Holdings();
      execute("UPDATE person SET active = 0 WHERE id = '" + alice.id() + "'");
      var faults = pair.reconciliation.run().findings().stream().map(found -> found.fault());
      assertThat(faults).contains(Fault.UNKNOWN_DISABLED);
      pair.awaitChanges();
      var second = pair.reconciliation.run().findings().stream().map(found -> found.fault());
      assertThat(second).contains(Fault.SESSION_OF_DISABLED, Fault.GRANT_OF_DISABLED);
      assertThat(held.callSucceeds()).isFalse();
      assertThat(pair.reconciliation.run().findings()).isEmpty();
      assertThat(new Alarms(pair.database).standing()).isNotEmpty();
    }

    @Test
    void a_denial_in_the_record_that_this_node_did_not_know() {
      var held = new Holdings();
      var grant = claim(held.accessToken, "grant_id");
      execute(
          "INSERT INTO deny (kind, value, before, forget_after, reason, created_at)"
              + " VALUES ('GRANT', '"
              + grant
              + "', 1, 9999999999999, 'lost', 1)");
      assertThat(pair.reconciliation.run().findings())
          .singleElement()
          .satisfies(found -> assertThat(found.fault()).isEqualTo(Fault.UNKNOWN_DENIAL));
      assertThat(held.callSucceeds()).isFalse();
      assertThat(pair.revocation.denied().all())
          .extracting(denial -> denial.denied())
          .contains(Denied.grant(grant));
    }

    @Test
    @DisplayName("of all grants, however many")
    void more_than_fit_into_one_look() {
      execute("UPDATE person SET active = 0 WHERE id = '" + alice.id() + "'");
      pair.reconciliation.run();
      pair.awaitChanges();
      manyGrants();
      var rests = new AtomicInteger();

      var report = pair.reconciliation.runInTurn(TURN, _ -> rests.incrementAndGet()).orElseThrow();

      assertThat(report.grants()).isEqualTo(4001);
      assertThat(report.findings()).hasSize(4001);
      assertThat(rests).as("others have their turn meanwhile").hasValue(2);
      assertThat(pair.reconciliation.run().findings()).isEmpty();
    }

    @Test
    @DisplayName("in turn: of all nodes one compares the record, and if it dies another does")
    void of_many_one_at_a_time() {
      var reports =
          Stream.generate(() ->
                  CompletableFuture.supplyAsync(
                      () -> pair.reconciliation.runInTurn(TURN, Pace.FAST)))
              .limit(8)
              .toList()
              .stream()
              .map(CompletableFuture::join);
      assertThat(reports.filter(Optional::isPresent)).hasSize(1);

      pair.clock.advance(TURN.minusSeconds(1));
      assertThat(pair.reconciliation.runInTurn(TURN, Pace.FAST)).isEmpty();
      pair.clock.advance(Duration.ofSeconds(1));
      assertThat(pair.reconciliation.runInTurn(TURN, Pace.FAST))
          .as("whether the former one has ended or not")
          .isPresent();
    }

    @Test
    @DisplayName("a node that dies in the middle has had its turn; the next one compares it all")
    void dies_in_the_middle() {
      manyGrants();
      var dies = new IllegalStateException("killed");
      assertThatThrownBy(() ->
              pair.reconciliation.runInTurn(
                  TURN,
                  _ -> {
                    throw dies;
                  }))
          .isSameAs(dies);
      assertThat(pair.reconciliation.runInTurn(TURN, Pace.FAST)).isEmpty();

      pair.clock.advance(TURN);
      assertThat(pair.reconciliation.runInTurn(TURN, Pace.FAST))
          .get()
          .extracting(ReconciliationReport::grants)
          .isEqualTo(4001);
    }

    private void manyGrants() {
      execute(
          "INSERT INTO ras_grant (id, organisation, issuer, assertion_id, person, client,"
              + " resources, scopes, issued_at, expires_at)"
              + " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4001)"
              + " SELECT 'grant-' || i, 'acme', 'https://idp.example', 'a', '"
              + alice.id()
              + "', 'client', '', '', 1, 9999999999999 FROM n");
    }

    @Test
    @DisplayName("out of turn a node still finds what it does not know itself")
    void each_node_looks_after_its_memory() {
      assertThat(pair.reconciliation.runInTurn(TURN, Pace.FAST)).isPresent();
      execute(
          "INSERT INTO deny (kind, value, before, forget_after, reason, created_at)"
              + " VALUES ('GRANT', 'unheard-of', 1, 9999999999999, 'lost', 1)");

      var report = pair.reconciliation.runInTurn(TURN, Pace.FAST).orElseThrow();

      assertThat(report.findings())
          .singleElement()
          .satisfies(found -> assertThat(found.fault()).isEqualTo(Fault.UNKNOWN_DENIAL));
      assertThat(pair.reconciliation.runInTurn(TURN, Pace.FAST)).isEmpty();
    }

    private void execute(String sql) {
      pair.database.write(connection -> {
        try (var statement = connection.createStatement()) {
          return statement.executeUpdate(sql);
        }
      });
    }
  }

  @Nested
  @DisplayName("Exposure: what is out there, and what would be left of it")
  class Exposed {
    private List<Exposure.Access> exposure(Optional<Issuer> ours) {
      return exposure(ours, KnownWorld.builtIn());
    }

    private List<Exposure.Access> exposure(Optional<Issuer> ours, KnownWorld known) {
      return counted(ours, known).of(Optional.of(alice.id()));
    }

    private Exposure counted(Optional<Issuer> ours, KnownWorld known) {
      return new Exposure(
          new LiveGrants(pair.database),
          new AuditLog(pair.database),
          pair.revocation.denied(),
          new Catalog(pair.library::current),
          () -> known,
          ours.map(issuer -> new Exposure.Ours(issuer, _ -> bound)),
          Duration.ofMinutes(5),
          pair.clock);
    }

    private Optional<Held.Bound> bound = Optional.empty();

    @Test
    void access_of_ours_ends_at_once_and_is_gone_after_the_kill() {
      var held = new Holdings();
      assertThat(held.callSucceeds()).isTrue();
      assertThat(exposure(Optional.of(pair.ras())))
          .singleElement()
          .satisfies(access -> {
            assertThat(access.connector()).isEqualTo("linear");
            assertThat(access.reach()).isEqualTo(Exposure.Reach.OURS);
            assertThat(access.people()).isEqualTo(1);
            assertThat(access.endsByItself())
                .contains(pair.clock.instant().plus(Duration.ofMinutes(45)));
            assertThat(access.ifCutNow())
                .startsWith("ends at once where its server asks or follows")
                .contains(access.knownUntil().toString());
          });
      bound = Optional.of(new Held.Bound(Duration.ofSeconds(61), "its status lists have expired"));
      assertThat(exposure(Optional.of(pair.ras())).getFirst().ifCutNow())
          .isEqualTo("ends within 61 seconds, when its status lists have expired");
      bound = Optional.of(new Held.Bound(Duration.ZERO, "our gateway stands before it"));
      assertThat(exposure(Optional.of(pair.ras())).getFirst().ifCutNow()).isEqualTo("ends at once");
      pair.happened(alice, Happening.DISABLED);
      assertThat(exposure(Optional.of(pair.ras()))).isEmpty();
    }

    @Test
    void of_a_foreign_server_only_renewing_can_be_stopped() {
      var held = new Holdings();
      pair.happened(alice, Happening.DISABLED);
      assertThat(held.callSucceeds()).isFalse();
      assertThat(exposure(Optional.empty()))
          .singleElement()
          .satisfies(access -> {
            assertThat(access.reach()).isEqualTo(Exposure.Reach.FOREIGN);
            assertThat(access.tokens()).isEqualTo(2);
            assertThat(access.knownUntil())
                .isEqualTo(pair.clock.instant().plus(Duration.ofMinutes(5)));
            assertThat(access.endsByItself()).as("what it gave lives longer").isEmpty();
            assertThat(access.toJson().has("ends_by_itself")).isFalse();
            assertThat(access.ifCutNow()).contains("as long as that server lets them");
          });
    }

    /// Tokens of one server live for longer than a day.
    private static KnownWorld known(Path folder) throws IOException {
      var _ =
          Files.writeString(
              folder.resolve("linear.yaml"),
              """
              connectors:
                linear:
                  address: %s
                  seen:
                    - {on: 2020-01-01, what: EMA, evidence: their manual, facts: {token_life: 30h}}
              """
                  .formatted(World.LINEAR));
      return KnownWorld.read(folder);
    }

    @Test
    @DisplayName("For a receipt nobody reads a month of exchanges, where the last day says the end")
    void what_a_kill_does_not_reach(@TempDir Path folder) throws IOException {
      var known = known(folder);
      var _ = new Holdings();
      pair.clock.advance(Duration.ofHours(29));
      var end = pair.clock.instant().plus(Duration.ofMinutes(5)).plus(Duration.ofHours(30));
      for (var person : List.of(Optional.of(alice.id()), Optional.<PersonId>empty())) {
        assertThat(counted(Optional.empty(), known).foreign(person, Set.of()))
            .singleElement()
            .satisfies(access -> {
              assertThat(access.tokens()).isEqualTo(2);
              assertThat(access.atMost().map(Exposure.AtMost::until))
                  .contains(end.minus(Duration.ofHours(29)));
            });
      }

      var _ = new Holdings();
      for (var person : List.of(Optional.of(alice.id()), Optional.<PersonId>empty())) {
        assertThat(counted(Optional.empty(), known).foreign(person, Set.of()))
            .singleElement()
            .satisfies(access -> {
              assertThat(access.tokens()).as("of the last day").isEqualTo(2);
              assertThat(access.atMost().map(Exposure.AtMost::until)).contains(end);
            });
      }
      assertThat(counted(Optional.of(pair.ras()), known).foreign(Optional.empty(), Set.of()))
          .as("ours")
          .isEmpty();
      var counted = counted(Optional.empty(), known);
      assertThat(counted.foreign(Optional.empty(), Set.of(World.LINEAR.value()))).hasSize(1);
      assertThat(counted.foreign(Optional.empty(), Set.of(World.NOTION.value()))).isEmpty();
    }

    @Test
    @DisplayName("Mission fact 3: the residual window is the token life, where somebody knows it")
    void of_a_foreign_server_the_catalogue_says_how_long_its_tokens_live(@TempDir Path folder)
        throws IOException {
      var known = known(folder);
      var held = new Holdings();
      assertThat(held.callSucceeds()).isTrue();
      // Later than a working day, and sooner than the token life.
      pair.clock.advance(Duration.ofHours(29));
      var issued = pair.clock.instant().minus(Duration.ofHours(29));

      assertThat(exposure(Optional.empty())).as("a working day is what counts unsaid").isEmpty();
      assertThat(exposure(Optional.empty(), known))
          .singleElement()
          .satisfies(access -> {
            var until = issued.plus(Duration.ofMinutes(5)).plus(Duration.ofHours(30));
            assertThat(access.atMost().map(Exposure.AtMost::until)).contains(until);
            assertThat(access.ifCutNow()).contains("until " + until + " at most", "their manual");
            assertThat(access.toJson().toJson()).contains("\"until_at_most\":\"" + until + "\"");
          });

      pair.clock.advance(Duration.ofMinutes(62));
      assertThat(exposure(Optional.empty(), known))
          .as("of a token that was got at the last moment of the ID-JAG")
          .singleElement()
          .satisfies(access -> assertThat(access.tokens()).isEqualTo(2));
      pair.clock.advance(Duration.ofMinutes(4));
      assertThat(exposure(Optional.empty(), known)).isEmpty();
    }

    @Test
    @DisplayName("A record of an exchange that somebody has changed keeps the others from nobody")
    void unreadable() {
      var _ = new Holdings();
      var changed = JsonObject.builder().put("connectors", 7).build();
      new AuditLog(pair.database)
          .append(
              AuditEvent.of(
                      ExchangeRecord.TYPE, Outcome.SUCCESS, pair.clock.instant(), "test", changed)
                  .withPerson(alice.id().value()));

      assertThat(exposure(Optional.empty()))
          .filteredOn(access -> access.reach() == Exposure.Reach.FOREIGN)
          .singleElement()
          .satisfies(access -> assertThat(access.tokens()).isEqualTo(2));
    }
  }
}
