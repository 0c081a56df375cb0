package dev.lanyard.server.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.server.app.node.FanOut;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.DeliveryConfig;
import dev.lanyard.server.delivery.Dispatcher;
import dev.lanyard.server.delivery.EnforcementPoint;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.delivery.Held;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.delivery.ProbeResult;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.pair.Cable;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Meanwhile;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.Subscribed;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.ras.organisations.Matching;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Loss;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Stragglers;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.LiveGrants;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The kill receipt")
class KillReceiptTest {
  private static final Duration BOUND = Duration.ofMillis(1_000);
  private static final DeliveryConfig QUICK =
      new DeliveryConfig(
          Duration.ofMillis(10),
          Duration.ofMillis(50),
          Duration.ofHours(1),
          10_000,
          Duration.ofSeconds(60),
          Duration.ofDays(1),
          Duration.ofMillis(20));

  @TempDir Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private Pair pair;
  private EnforcementPoints points;
  private Outbox outbox;

  private volatile Runnable whileProbing = () -> {};

  /// What a connector answers that does not enforce.
  private List<ProbeResult> lax = List.of();

  private void start(Setup setup, Courier foreign) {
    pair = Pair.start(setup, folder);
    open.add(pair);
    points = new EnforcementPoints(pair.database, Denial.CHANGE, pair.clock);
    outbox = new Outbox(pair.database, (_, _, _) -> {}, pair.clock);
    pair.revocation.tells(new ReceiptRequests(pair.database.changes(), outbox));
    var sources =
        new ReceiptDesk.Sources(
            pair.database, pair.ras().value(), points, outbox, pair.receiptKeys());
    var stragglers = pair.stragglers();
    var denied = pair.revocation.denied();
    var desk =
        new ReceiptDesk(sources, tried(), (_, _) -> List.of(), stragglers, denied, pair.clock);
    open.add(
        Dispatcher.start(
            pair.database,
            Map.of(ReceiptDesk.KIND, desk, "foreign", foreign),
            (_, _, _) -> {},
            QUICK,
            pair.clock));
  }

  /// How the servers of connectors hear of a kill.
  private Optional<Held.Bound> bound = Optional.empty();

  private Probe tried() {
    return new Probe() {
      @Override
      public List<ProbeResult> probe(Denied dead, Instant killedAt, Instant issuedAt) {
        var once = whileProbing;
        whileProbing = () -> {};
        once.run();
        var met = new ArrayList<>(pair.probe(dead, killedAt, issuedAt));
        met.addAll(lax);
        return met;
      }

      @Override
      public List<Held> held(List<Denied> dead, Instant killedAt) {
        return pair.held(dead, killedAt).stream().map(one -> one.with(bound)).toList();
      }
    };
  }

  private void start() {
    start(Setup.usual(folder), _ -> new Courier.Result.Delivered("200"));
  }

  @AfterEach
  void stop() throws Exception {
    for (var one : open.reversed()) {
      one.close();
    }
  }

  private Receipt signed() {
    var receipts = new Receipts(pair.database);
    Soon.until(() ->
        receipts.newest(Optional.empty(), 1).stream().anyMatch(one -> one.signed().isPresent()));
    return receipts.newest(Optional.empty(), 1).getFirst();
  }

  private JsonObject account(Receipt receipt) {
    var verdict = ReceiptVerdict.of(receipt.signed().orElseThrow(), pair.receiptKeys().published());
    assertThat(verdict).isInstanceOf(ReceiptVerdict.Genuine.class);
    return ((ReceiptVerdict.Genuine) verdict).account();
  }

  @Test
  void tells_who_refuses_since_when_who_was_told_and_what_a_probe_met() throws Exception {
    start();
    pair.revocation.tells((connection, incidents) ->
        outbox.append(
            connection,
            Delivery.of(
                "foreign",
                "https://vendor.example",
                JsonObject.EMPTY,
                incidents.getFirst().signal().correlationId())));
    var alice = pair.person("alice", "engineering");
    var token = new Desk(pair).accessToken("alice", World.LINEAR);
    try (var server =
        new Subscribed(pair, pair.port("ras"), "linear-server", Duration.ofSeconds(5))) {
      assertThat(server.stream.awaitFresh(Duration.ofSeconds(20))).isTrue();

      pair.happened(alice, Happening.DISABLED);
      Soon.until(() -> {
        // Whoever outside answers a moment after the receipt is asked about again later.
        pair.clock.advance(Duration.ofMillis(10));
        return newest().isFinal();
      });
      var account = account(signed());

      assertThat(text(account, "person")).contains(alice.id().value());
      assertThat(text(account.object("signal").orElseThrow(), "what")).contains("DISABLED");
      var point = account.objects("enforcement").orElseThrow().getFirst();
      assertThat(text(point, "name")).contains("linear-server");
      assertThat(text(point, "because")).contains("it acknowledged");
      var connector = account.objects("connectors").orElseThrow().getFirst();
      assertThat(text(connector, "connector")).contains(World.LINEAR.value());
      assertThat(text(connector, "because")).contains("'linear-server' follows for it");
      assertThat(text(connector, "refused_by")).isEqualTo(text(point, "refused_by"));
      assertThat(text(account, "refused_everywhere_by")).isPresent();
      assertThat(account.objects("residual").orElse(List.of())).isEmpty();
      assertThat(text(account.objects("told").orElseThrow().getFirst(), "state"))
          .contains("delivered");
      var probes = account.objects("probes").orElseThrow();
      assertThat(probes).anyMatch(one -> text(one, "by").equals(Optional.of("http")));
      assertThat(probes)
          .filteredOn(one -> text(one, "by").equals(Optional.of("introspection")))
          .as("every connector")
          .hasSameSizeAs(World.resources())
          .allMatch(one -> text(one, "outcome").equals(Optional.of("refused")));
      assertThat(server.call(token)).isInstanceOf(Verdict.Refused.class);
    }
  }

  private Receipt newest() {
    return new Receipts(pair.database).newest(Optional.empty(), 1).getFirst();
  }

  @Test
  @DisplayName("SEC: who was somebody else here in an earlier release is not said to be refused")
  void a_second_person_whom_a_kill_did_not_reach() throws Exception {
    var people = new Matching(Set.of(World.DOMAIN), true, true);
    start(Setup.usual(folder).with(people), _ -> new Courier.Result.Delivered("200"));
    var carol = pair.personOf(World.ORGANISATION, "carol", "carol@else.example", "engineering");
    pair.withBrokerElsewhere();
    var token = new Desk(pair).accessToken("carol", World.LINEAR);
    whileProbing = pair::withBrokerHere;
    pair.happened(carol, Happening.DISABLED);
    var signed = signed();
    assertThat(account(signed).string("refused_everywhere_by")).isEmpty();
    assertThat(signed.reach().orElseThrow().notRefused()).contains(World.LINEAR.value());
    assertThat(new Desk(pair).introspect(token, "linear-server").text("sub"))
        .as("it lives")
        .isNotEqualTo(carol.id().value());
  }

  @Test
  @DisplayName("SEC: where a probe got in, nothing is claimed of everywhere and an alarm is raised")
  void a_connector_that_takes_dead_tokens() throws Exception {
    start();
    lax =
        List.of(
            new ProbeResult(
                "https://lax.example/mcp",
                "http",
                ProbeResult.Outcome.NOT_REFUSED,
                "200",
                pair.clock.instant()));

    pair.happened(pair.person("alice", "engineering"), Happening.DISABLED);

    var receipt = signed();
    assertThat(account(receipt).string("refused_everywhere_by")).isEmpty();
    var reach = receipt.reach().orElseThrow();
    assertThat(reach.everywhereBy()).isEmpty();
    assertThat(reach.notRefused()).containsExactly("https://lax.example/mcp");
    assertThat(new Alarms(pair.database).standing())
        .singleElement()
        .matches(one -> one.alarm().kind().equals("kill-not-refused"))
        .matches(one -> one.alarm().subject().equals("https://lax.example/mcp"))
        .matches(one -> one.alarm().detail().contains(receipt.incident()));
  }

  @Test
  @DisplayName(
      "SEC: of a connector of which nobody knows that it refuses nothing is claimed, until it is over")
  void a_connector_that_nobody_follows_for() throws Exception {
    start();
    var alice = pair.person("alice", "engineering");
    var access = new Desk(pair).accessToken("alice", World.LINEAR);
    assertThat(access).isNotEmpty();
    var end =
        new LiveGrants(pair.database)
            .of(List.of(alice.id().value()), pair.clock.instant())
            .getFirst()
            .grant()
            .expiresAt();

    pair.happened(alice, Happening.DISABLED);
    var receipt = signed();
    var account = account(receipt);
    assertThat(receipt.isFinal()).isTrue();
    assertThat(text(account, "refused_everywhere_by")).isEmpty();
    assertThat(account.objects("residual").orElseThrow())
        .singleElement()
        .matches(one -> text(one, "connector").equals(Optional.of(World.LINEAR.value())))
        .matches(one -> text(one, "until_at_most").equals(Optional.of(end.toString())));
    assertThat(receipt.reach().orElseThrow().everywhereBy()).isEmpty();
    assertThat(receipt.reach().orElseThrow().notRefused()).isEmpty();

    // A receipt that is made anew when the grant is gone does not claim what nobody knew.
    pair.database.write(
        connection -> new Statements(connection).update("DELETE FROM ras_grant", new Object[0]));
    lose("another", receipt);
    Soon.until(() -> newest().isFinal() && newest().issuedAt().isPresent());
    var again = account(newest());
    assertThat(text(again, "replaces")).isPresent();
    assertThat(
            new AuditLog(pair.database)
                .query(AuditQuery.newest(10).ofType(Issue.TYPE)).stream()
                    .map(one -> one.event().evidence())
                    .map(one ->
                        text(one, "sha256").orElseThrow() + text(one, "replaces").isPresent()))
        .as("the log ties both to itself")
        .containsExactly(
            Issue.hash(receipt.signed().orElseThrow()) + false,
            Issue.hash(newest().signed().orElseThrow()) + true);
    assertThat(text(again, "refused_everywhere_by")).isEmpty();
    assertThat(again.objects("residual")).isEqualTo(account.objects("residual"));
  }

  @Test
  @DisplayName(
      "A server that reads status lists refuses when the last has expired that knew nothing")
  void status_lists() throws Exception {
    start();
    bound = Optional.of(new Held.Bound(Duration.ofSeconds(61), "its status lists have expired"));
    var alice = pair.person("alice", "engineering");
    var access = new Desk(pair).accessToken("alice", World.LINEAR);
    assertThat(access).isNotEmpty();

    pair.happened(alice, Happening.DISABLED);
    var account = account(signed());
    var by = pair.clock.instant().plusSeconds(61).toString();
    assertThat(account.objects("connectors").orElseThrow())
        .singleElement()
        .matches(one -> text(one, "refused_by").equals(Optional.of(by)))
        .matches(one -> text(one, "because").equals(Optional.of("its status lists have expired")));
    assertThat(text(account, "refused_everywhere_by")).contains(by);
    assertThat(account.objects("residual").orElse(List.of())).isEmpty();
  }

  @Test
  @DisplayName("While somebody outside does not answer the receipt is not final, and names them")
  void a_foreign_endpoint_that_is_down() throws Exception {
    var down = new AtomicBoolean(true);
    start(
        Setup.usual(folder),
        _ ->
            down.get()
                ? new Courier.Result.RetryLater("connection refused")
                : new Courier.Result.Delivered("200"));
    pair.revocation.tells((connection, incidents) ->
        outbox.append(
            connection,
            Delivery.of(
                "foreign",
                "https://vendor.example",
                JsonObject.EMPTY,
                incidents.getFirst().signal().correlationId())));
    var alice = pair.person("alice", "engineering");

    pair.happened(alice, Happening.DISABLED);
    var first = signed();
    assertThat(first.isFinal()).isFalse();
    assertThat(account(first).strings("without_reach")).contains(List.of("https://vendor.example"));
    down.set(false);
    Soon.until(() -> {
      pair.clock.advance(Duration.ofMillis(100));
      return newest().isFinal();
    });

    assertThat(account(newest()).strings("without_reach").orElse(List.of())).isEmpty();
  }

  @Test
  @DisplayName("When a message that was given up is tried again and arrives, the receipt says so")
  void a_dead_letter_that_is_tried_again() throws Exception {
    var down = new AtomicBoolean(true);
    start(
        Setup.usual(folder),
        _ -> down.get() ? new Courier.Result.Refused("401") : new Courier.Result.Delivered("200"));
    pair.revocation.tells((connection, incidents) ->
        outbox.append(
            connection,
            Delivery.of(
                "foreign",
                "https://vendor.example",
                JsonObject.EMPTY,
                incidents.getFirst().signal().correlationId())));
    pair.happened(pair.person("alice", "engineering"), Happening.DISABLED);
    Soon.until(() -> {
      pair.clock.advance(Duration.ofMillis(100));
      return newest().isFinal();
    });
    var former = newest();
    assertThat(account(former).strings("without_reach"))
        .contains(List.of("https://vendor.example"));
    var dead = outbox.dead();
    assertThat(dead).hasSize(1);

    down.set(false);
    var retrying = FanOut.retrying(pair.database, pair.clock);
    assertThat(retrying.retry(dead.getFirst().id())).isPresent();

    assertThat(newest().isFinal()).as("in the same transaction").isFalse();
    Soon.until(() -> {
      pair.clock.advance(Duration.ofMillis(100));
      return newest().isFinal();
    });
    var account = account(newest());
    assertThat(account.strings("without_reach").orElse(List.of())).isEmpty();
    assertThat(text(account.objects("told").orElseThrow().getFirst(), "state"))
        .contains("delivered");
    assertThat(account.string("replaces")).contains(former.issuedAt().orElseThrow().toString());
  }

  @Test
  @DisplayName("Whoever has not acknowledged is waited for until it must have stopped")
  void a_point_that_is_silent() throws Exception {
    start();
    points.acknowledge(
        new EnforcementPoint(
            "silent", EnforcementPoint.Kind.RESOURCE_SERVER, "silent", Duration.ofSeconds(5)),
        0);
    var alice = pair.person("alice", "engineering");

    pair.happened(alice, Happening.DISABLED);
    Thread.sleep(300);
    assertThat(newest().signed()).isEmpty();
    Soon.until(() -> {
      pair.clock.advance(Duration.ofMillis(100));
      return newest().signed().isPresent();
    });

    var point = account(newest()).objects("enforcement").orElseThrow().getFirst();
    assertThat(text(point, "because")).get().asString().contains("5000 ms");
  }

  @Test
  void a_changed_receipt_another_key_and_another_kind_of_token_are_refused() throws Exception {
    start();
    pair.happened(pair.person("alice", "engineering"), Happening.DISABLED);
    var genuine = signed().signed().orElseThrow();
    var keys = pair.receiptKeys().published();
    var parts = genuine.split("\\.");
    var forged =
        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
            .replace("\"final\":true", "\"final\":false");
    var changed =
        parts[0]
            + "."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(forged.getBytes(StandardCharsets.UTF_8))
            + "."
            + parts[2];

    assertRefused(ReceiptVerdict.of(changed, keys), "changed after it was signed");
    assertRefused(ReceiptVerdict.of(genuine, pair.rasKeys.published()), "none of these keys");
    assertRefused(ReceiptVerdict.of("hello", keys), "not a signed receipt");
    var key = pair.receiptKeys().active(Purpose.RECEIPT);
    var other = new JwtSigner(key, "JWT").sign(JsonObject.EMPTY);
    assertRefused(ReceiptVerdict.of(other, keys), "not a receipt but 'jwt'");
    var strangers = new PublicKeySet(List.of(Pair.strangersKey().publicKey()));
    assertRefused(ReceiptVerdict.of(genuine, strangers), "none of these keys");
  }

  private static Optional<String> text(JsonObject json, String name) {
    try {
      return json.string(name);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(ReceiptVerdict verdict, String why) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            ReceiptVerdict.Refused.class, refused -> assertThat(refused.why()).contains(why));
  }

  /// A call: when it was over, and whether it was served.
  private record Call(long ended, long began, boolean admitted) {}

  @Test
  @DisplayName("No call of the killed person that begins after the receipt succeeds, on two nodes")
  void history() throws Exception {
    start(Setup.on(TestDatabases.postgres(), folder), _ -> new Courier.Result.Delivered("200"));
    var other = Pair.start(pair.setup().beside(pair), folder.resolve("other"));
    open.add(other);
    var alice = pair.person("alice", "engineering");
    pair.person("bob", "engineering");
    var hers = new Desk(pair).accessToken("alice", World.LINEAR);
    var his = new Desk(pair).accessToken("bob", World.LINEAR);
    var cable = new Cable(other.port("ras"));
    open.add(cable);
    var servers =
        List.of(
            new Subscribed(pair, pair.port("ras"), "linear-server", BOUND),
            new Subscribed(pair, cable.port(), "linear-server", BOUND));
    open.addAll(servers);
    for (var server : servers) {
      assertThat(server.stream.awaitFresh(Duration.ofSeconds(20))).isTrue();
    }
    var calls = new ConcurrentLinkedQueue<Call>();
    var ended = new AtomicBoolean();
    var refusedBob = new AtomicBoolean();
    var callers = new ArrayList<Meanwhile<?>>();
    long receipt;
    try {
      for (var server : servers) {
        for (int i = 0; i < 2; i++) {
          callers.add(
              Meanwhile.does(() -> {
                while (!ended.get()) {
                  long began = System.nanoTime();
                  var verdict = server.call(hers);
                  boolean admitted = verdict instanceof Verdict.Admitted;
                  calls.add(new Call(System.nanoTime(), began, admitted));
                  refusedBob.compareAndSet(false, server.call(his) instanceof Verdict.Refused);
                  // Leaves the two servers and the database something of the machine.
                  LockSupport.parkNanos(200_000);
                }
                return true;
              }));
        }
      }
      Thread.sleep(200);
      // The second listener is cut off in the moment of the kill, and comes back later.
      cable.cut();
      pair.happened(alice, Happening.DISABLED);
      signed();
      receipt = System.nanoTime();
      Thread.sleep(300);
    } finally {
      ended.set(true);
    }
    for (var caller : callers) {
      var _ = caller.outcome();
    }

    assertThat(calls).anyMatch(Call::admitted);
    assertThat(calls).anyMatch(call -> call.began() > receipt);
    assertThat(calls).filteredOn(call -> call.began() > receipt).noneMatch(Call::admitted);
    assertThat(refusedBob).as("nobody else is harmed").isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"DISABLED", "DELETED", "SESSIONS_REVOKED", "CREDENTIAL_COMPROMISED"})
  @DisplayName(
      "What a node issued before it heard of the kill is refused by the time of the receipt")
  void a_token_that_is_dated_after_the_kill_is_dead_in_the_library_too(Happening what)
      throws Exception {
    start();
    var alice = pair.person("alice", "engineering");
    var desk = new Desk(pair);
    var assertion = desk.exchange(desk.idToken("alice"), World.LINEAR).text("access_token");
    // The kill is dated by a node whose clock is behind that of the one that issues meanwhile.
    var kill = pair.clock.instant();
    pair.clock.advance(Duration.ofSeconds(5));
    var token = desk.redeem(assertion).text("access_token");
    pair.clock.advance(Duration.ofSeconds(-5));
    try (var server =
        new Subscribed(pair, pair.port("ras"), "linear-server", Duration.ofSeconds(5))) {
      assertThat(server.stream.awaitFresh(Duration.ofSeconds(20))).isTrue();
      pair.happened(alice, what);
      pair.clock.advance(Duration.ofSeconds(6));

      var account = account(signed());

      assertThat(account.string("refused_from")).contains(kill.toString());
      assertThat(server.call(token)).isInstanceOf(Verdict.Refused.class);
    }
  }

  @Test
  @DisplayName("What was granted by a group that was being lost is refused by the receipt's time")
  void a_grant_that_was_recorded_after_it_was_looked_for_losers() throws Exception {
    start();
    var alice = pair.person("alice", "engineering");
    var desk = new Desk(pair);
    var token = desk.accessToken("alice", World.LINEAR);
    // The group is gone, and nobody has looked for what it gave.
    pair.putGroups(alice);
    assertThat(desk.introspect(token, "linear-server").body()).contains("\"active\":true");

    var cause = new Loss.Cause("incident", "test");
    var sought = new Stragglers.Sought(Map.of(), Map.of(alice.id(), cause));

    assertThat(pair.stragglers().deny(sought)).isEqualTo(1);
    assertThat(desk.introspect(token, "linear-server").body()).contains("\"active\":false");
    assertThat(pair.stragglers().deny(sought)).isZero();
  }

  private void late(Person whom, Happening what, Duration since, String id) {
    pair.revocation.accept(
        new Signal(
            Source.of(Source.Kind.SHARED_SIGNALS, "okta"),
            id,
            new Subject.Person(whom.id()),
            what,
            pair.clock.instant().minus(since),
            "a late event",
            id));
  }

  private static void assertRefusedByAll(JsonObject account) throws MalformedException {
    assertThat(account.objects("probes").orElseThrow())
        .hasSizeGreaterThanOrEqualTo(World.resources().size())
        .noneMatch(one -> text(one, "outcome").equals(Optional.of("not_refused")));
  }

  @Test
  @DisplayName("The receipt of a late event says how far it reaches, and tries a token of then")
  void a_late_event() throws Exception {
    start();
    var alice = pair.person("alice", "engineering");
    var happened = pair.clock.instant();
    new Desk(pair).accessToken("alice", World.LINEAR);
    pair.clock.advance(Duration.ofMinutes(10));

    late(alice, Happening.SESSIONS_REVOKED, Duration.ofMinutes(10), "late");

    var account = account(signed());
    assertThat(account.string("refused_from")).contains(pair.clock.instant().toString());
    assertThat(account.objects("denied").orElseThrow())
        .filteredOn(one -> text(one, "kind").equals(Optional.of("PERSON")))
        .singleElement()
        .matches(one ->
            text(one, "issued_before")
                .equals(Optional.of(happened.plus(Duration.ofSeconds(30)).toString())));
    assertRefusedByAll(account);
  }

  @Test
  @DisplayName("So does the receipt of an end that was outdated when we heard of it")
  void an_outdated_end() throws Exception {
    start();
    var alice = pair.person("alice", "engineering");
    late(alice, Happening.DISABLED, Duration.ofMinutes(30), "off");
    late(alice, Happening.ENABLED, Duration.ofMinutes(20), "on");
    pair.clock.advance(Duration.ofSeconds(40));

    late(alice, Happening.DISABLED, Duration.ofMinutes(25), "outdated");

    Soon.until(() -> accountsOf("outdated").findFirst().isPresent());
    var account = accountsOf("outdated").findFirst().orElseThrow();
    assertThat(text(account.objects("denied").orElseThrow().getFirst(), "issued_before"))
        .contains(pair.clock.instant().minusSeconds(40).minus(Duration.ofMinutes(20)).toString());
    assertRefusedByAll(account);
  }

  private Stream<JsonObject> accountsOf(String cause) {
    return new Receipts(pair.database)
        .newest(Optional.empty(), 10).stream()
            .filter(one -> one.signed().isPresent())
            .map(this::account)
            .filter(one -> text(one, "correlation_id").equals(Optional.of(cause)));
  }

  @Test
  @DisplayName("What a node issued whose clock is ahead is refused by the time of the receipt")
  void two_nodes_whose_clocks_differ() throws Exception {
    start(Setup.on(TestDatabases.postgres(), folder), _ -> new Courier.Result.Delivered("200"));
    var clock = new TestClock();
    clock.set(pair.clock.instant().plusSeconds(5));
    var ahead = Pair.start(pair.setup().beside(pair, clock), folder.resolve("ahead"));
    open.add(ahead);
    var alice = pair.person("alice", "engineering");
    ahead.awaitChanges();
    var token = new Desk(ahead).accessToken("alice", World.LINEAR);
    var kill = pair.clock.instant();
    var claims = UnverifiedJwt.parse(token).unverifiedClaims().all();
    assertThat(claims.instant("iat").orElseThrow()).isAfter(kill);
    try (var server =
        new Subscribed(pair, pair.port("ras"), "linear-server", Duration.ofSeconds(5))) {
      assertThat(server.stream.awaitFresh(Duration.ofSeconds(20))).isTrue();

      pair.happened(alice, Happening.DISABLED);

      var account = account(signed());
      assertThat(account.string("refused_from")).contains(kill.toString());
      assertThat(names(account, "GRANT")).as("it was found, and is named").isTrue();
      pair.clock.advance(Duration.ofSeconds(6));
      assertThat(server.call(token)).isInstanceOf(Verdict.Refused.class);
      assertThat(new Desk(ahead).introspect(token, "linear-server").body())
          .contains("\"active\":false");
    }
  }

  private static boolean names(JsonObject account, String kind) {
    return denied(account).anyMatch(one -> text(one, "kind").equals(Optional.of(kind)));
  }

  private static Stream<JsonObject> denied(JsonObject account) {
    try {
      return account.objects("denied").orElseThrow().stream();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private long denialAfter(long sequence) {
    var select = "SELECT MIN(seq) FROM change WHERE kind = ? AND seq > ?";
    return pair.database
        .read(connection ->
            new Statements(connection)
                .first(select, row -> row.getLong(1), Denial.CHANGE, sequence))
        .orElseThrow();
  }

  @Test
  @DisplayName("The receipt of a lost group names the grants, and waits until they are refused")
  void what_a_lost_group_gave() throws Exception {
    start();
    var alice = pair.person("alice", "engineering");
    new Desk(pair).accessToken("alice", World.LINEAR);
    var slow =
        new EnforcementPoint(
            "slow", EnforcementPoint.Kind.RESOURCE_SERVER, "slow", Duration.ofMinutes(5));
    long before = points.head();
    points.acknowledge(slow, before);

    var _ = pair.saidGroups(alice, Optional.empty(), "sales");

    // It has the ID-JAGs that the lost group has killed, and not the tokens that it has killed.
    long first = denialAfter(before);
    assertThat(first).isLessThan(points.head());
    points.acknowledge(slow, first);
    Thread.sleep(500);
    assertThat(newest().signed()).as("it still serves").isEmpty();
    points.acknowledge(slow, points.head());

    var account = account(signed());
    assertThat(names(account, "ASSERTION")).isTrue();
    var grant =
        denied(account)
            .filter(one -> text(one, "kind").equals(Optional.of("GRANT")))
            .findFirst()
            .orElseThrow();
    assertThat(text(grant, "refused_from")).isPresent();
    assertThat(account.objects("probes").orElseThrow())
        .filteredOn(one -> text(one, "by").equals(Optional.of("introspection")))
        .singleElement()
        .matches(one -> text(one, "connector").equals(Optional.of(World.LINEAR.value())))
        .matches(one -> text(one, "outcome").equals(Optional.of("refused")));
    assertThat(new AuditLog(pair.database).query(AuditQuery.newest(50).ofRequest("test")))
        .as("what `lanyard audit --request` shows of the cause")
        .anyMatch(one ->
            one.event().type().equals("grant.revoked")
                && one.event().evidence().toJson().contains(text(grant, "value").orElseThrow()));
  }

  @Test
  @DisplayName("Nor is it signed without them if the process dies before it has looked for them")
  void a_process_that_dies_between() throws Exception {
    start();
    var alice = pair.person("alice", "engineering");
    var desk = new Desk(pair);
    var token = desk.accessToken("alice", World.LINEAR);
    pair.putGroups(alice);
    var signal =
        new Signal(
            Source.of(Source.Kind.SCIM, "okta"),
            "gone",
            new Subject.Person(alice.id()),
            Happening.GROUPS_CHANGED,
            pair.clock.instant(),
            "left a group",
            "gone");

    // Committed, and never put in force by whoever committed it.
    pair.database.write(connection -> pair.revocation.accept(connection, List.of(signal)));

    assertThat(names(account(signed()), "GRANT")).isTrue();
    assertThat(desk.introspect(token, "linear-server").body()).contains("\"active\":false");
  }

  private void lose(String grant, Receipt cause) {
    var losses = List.of(new Loss(grant, new Loss.Cause(cause.incident(), "test")));
    var signal =
        new Signal(
            Source.of(Source.Kind.POLICY),
            grant,
            new Subject.Grant(grant),
            Happening.TOKENS_REVOKED,
            pair.clock.instant(),
            "lost",
            "test");
    pair.database.write(connection -> {
      var accepted = pair.revocation.accept(connection, List.of(signal));
      new ReceiptRequests(pair.database.changes(), outbox)
          .tellLost(connection, losses, pair.clock.instant());
      return accepted;
    });
  }

  private boolean namesGrant(String grant) {
    return newest().isFinal()
        && denied(account(newest())).anyMatch(one -> text(one, "value").equals(Optional.of(grant)));
  }

  @Test
  @DisplayName("What is lost after the receipt, or while it is made, is in it in the end")
  void what_comes_late_reopens_it() throws Exception {
    start();
    whileProbing = () -> lose("g-meanwhile", newest());
    pair.happened(pair.person("alice", "engineering"), Happening.DISABLED);
    Soon.until(() -> {
      pair.clock.advance(Duration.ofMillis(10));
      return namesGrant("g-meanwhile");
    });

    lose("g-after", newest());

    Soon.until(() -> {
      pair.clock.advance(Duration.ofMillis(10));
      return namesGrant("g-after");
    });
    assertThat(namesGrant("g-meanwhile")).isTrue();
  }

  @Test
  @DisplayName("Of what is lost long after the kill nobody counts as refusing it since then")
  void what_comes_late_is_waited_for_from_then_on() throws Exception {
    start();
    var slow =
        new EnforcementPoint(
            "slow", EnforcementPoint.Kind.RESOURCE_SERVER, "slow", Duration.ofMinutes(5));
    points.acknowledge(slow, points.head());
    pair.happened(pair.person("alice", "engineering"), Happening.DISABLED);
    points.acknowledge(slow, points.head());
    Soon.until(() -> {
      pair.clock.advance(Duration.ofMillis(10));
      return newest().isFinal();
    });
    pair.clock.advance(Duration.ofMinutes(10));
    var lostAt = pair.clock.instant();

    lose("g-long-after", newest());

    Thread.sleep(500);
    assertThat(namesGrant("g-long-after")).as("it knows of the kill alone, and serves").isFalse();
    Soon.until(() -> {
      pair.clock.advance(Duration.ofSeconds(5));
      return namesGrant("g-long-after");
    });
    assertThat(pair.clock.instant()).isAfter(lostAt.plus(slow.staleAfter()));
  }

  @Test
  @DisplayName("Who signs in again after everything was revoked keeps what they get")
  void what_is_got_after_a_revocation_lives() throws Exception {
    start();
    var alice = pair.person("alice", "engineering");
    pair.happened(alice, Happening.SESSIONS_REVOKED);
    pair.clock.advance(Duration.ofSeconds(2));
    var desk = new Desk(pair);
    var token = desk.accessToken("alice", World.LINEAR);

    var cause = new Loss.Cause("incident", "test");
    var sought = new Stragglers.Sought(Map.of(alice.id(), cause), Map.of(alice.id(), cause));

    assertThat(pair.stragglers().deny(sought)).isZero();
    assertThat(pair.reconciliation.run().findings()).isEmpty();
    assertThat(desk.introspect(token, "linear-server").body()).contains("\"active\":true");
  }

  @Test
  @DisplayName("Who is back before the receipt keeps what they have got since")
  void nothing_of_somebody_who_is_back_is_taken() throws Exception {
    start();
    var alice = pair.person("alice", "engineering");
    var stragglers = pair.stragglers();
    pair.happened(alice, Happening.DISABLED);
    pair.clock.advance(Duration.ofSeconds(2));
    pair.happened(alice, Happening.ENABLED);
    pair.clock.advance(Duration.ofSeconds(2));
    var desk = new Desk(pair);
    var token = desk.accessToken("alice", World.LINEAR);

    var cause = new Loss.Cause("incident", "test");
    assertThat(stragglers.deny(new Stragglers.Sought(Map.of(alice.id(), cause), Map.of())))
        .isZero();
    assertThat(desk.introspect(token, "linear-server").body()).contains("\"active\":true");
  }

  @Test
  @DisplayName("Of many who are killed at once each has a receipt, when the kills are through")
  void of_many_each_has_a_receipt() throws Exception {
    start();
    var signals = new ArrayList<Signal>();
    for (int i = 0; i < 120; i++) {
      signals.add(
          new Signal(
              Source.of(Source.Kind.SCIM, "okta"),
              "signal-" + i,
              new Subject.Person(pair.person("person" + i, "engineering").id()),
              Happening.DISABLED,
              pair.clock.instant(),
              "set inactive over SCIM",
              "one-bulk"));
    }
    var receipts = new Receipts(pair.database);

    pair.revocation.acceptAll(signals);

    Thread.sleep(100);
    assertThat(receipts.newest(Optional.empty(), 200)).hasSize(120).noneMatch(Receipt::isFinal);
    Soon.until(() -> {
      pair.clock.advance(Duration.ofMillis(100));
      return receipts.newest(Optional.empty(), 200).stream().allMatch(Receipt::isFinal);
    });
    var people = new HashSet<String>();
    for (var receipt : receipts.newest(Optional.empty(), 200)) {
      assertThat(account(receipt).toJson()).contains("signal-");
      people.add(receipt.person().orElseThrow());
    }
    assertThat(people).hasSize(120);
  }
}
