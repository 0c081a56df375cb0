package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.statuslist.StatusList;
import dev.lanyard.protocol.statuslist.StatusListToken;
import dev.lanyard.protocol.statuslist.StatusListValidator;
import dev.lanyard.protocol.statuslist.StatusListVerdict;
import dev.lanyard.protocol.statuslist.StatusReference;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.GuardedRequest;
import dev.lanyard.resourceserver.MemoryDpopReplay;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.resourceserver.status.StatusLists;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("TSL: access tokens of a resource that asks for it name their place in a status list")
class StatusListTest {
  private static final Duration SETTLED = Duration.ofSeconds(2);

  @TempDir Path folder;
  private Pair pair;
  private Desk desk;
  private Person alice;
  private Assertions assertions;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder).ordinary(), folder);
    alice = pair.person("alice", "engineering");
    desk = new Desk(pair);
    assertions = new Assertions(pair, "alice");
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private String token() {
    return token(desk, assertions);
  }

  private static String token(Desk desk, Assertions assertions) {
    var claims = assertions.claims(World.ARCHIVE, "records.read");
    var answer = desk.redeem(assertions.signed(claims.build()));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.text("access_token");
  }

  private static StatusReference reference(String token) throws MalformedException {
    return StatusReference.of(UnverifiedJwt.parse(token).unverifiedClaims().all()).orElseThrow();
  }

  private static TrustedIssuer trusted(Pair pair) {
    return new TrustedIssuer(
        pair.ras(),
        (keyId, algorithm) -> pair.rasKeys.published().find(keyId, algorithm),
        Set.of(SigningAlgorithm.ES256));
  }

  private static StatusListToken list(Pair at, URI list) {
    var answer = Http.get(at.rasUrl(list.getPath()), Map.of("Accept", StatusListToken.MEDIA_TYPE));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).contains(StatusListToken.MEDIA_TYPE);
    var verdict =
        new StatusListValidator(ClockSkew.DEFAULT, at.clock)
            .judge(answer.body(), trusted(at), list);
    if (!(verdict instanceof StatusListVerdict.Accepted(var token))) {
      throw new AssertionError(verdict.toString());
    }
    return token;
  }

  private static int status(Pair at, String token) throws MalformedException {
    var reference = reference(token);
    return list(at, reference.list()).statuses().get(reference.index());
  }

  @Test
  @DisplayName("what a person takes back that they had consented to is dead in the list")
  void of_the_ordinary_flow() throws MalformedException {
    pair.guest("gina");
    var visit = Visit.pocket(pair);
    var token = visit.tokens("gina", World.ARCHIVE, "records.read").text("access_token");
    pair.clock.advance(SETTLED);
    assertThat(status(pair, token)).isEqualTo(StatusList.VALID);
    var page = visit.browse(pair.rasUrl("/consents"));
    visit.submit("/consents", Visit.form(page).build());
    pair.awaitChanges();
    pair.clock.advance(SETTLED);
    assertThat(status(pair, token)).isEqualTo(StatusList.INVALID);
  }

  @Test
  @DisplayName("TSL-1, TSL-2: a signed, compressed list that may be kept for a while")
  void is_served_to_everybody() throws MalformedException {
    var reference = reference(token());
    assertThat(reference.list().toString()).startsWith(pair.ras() + "/status-lists/");
    var token = list(pair, reference.list());
    assertThat(token.ttl().orElseThrow()).isLessThanOrEqualTo(Duration.ofSeconds(60));
    assertThat(token.expiresAt().orElseThrow())
        .isBeforeOrEqualTo(pair.clock.instant().plusSeconds(60));
    assertThat(token.statuses().get(reference.index())).isEqualTo(StatusList.VALID);
    var answer = Http.get(reference.list(), Map.of("Origin", "https://anywhere.example"));
    assertThat(answer.header("Cache-Control").orElseThrow()).startsWith("public, max-age=");
    assertThat(answer.header("Access-Control-Allow-Origin")).contains("*");
  }

  /// Something has happened to a person, and the node's feed has told everybody who listens: a
  /// report returns before that.
  private static void happened(Pair at, Person person, Happening what) {
    at.happened(person, what);
    at.awaitChanges();
  }

  @Test
  @DisplayName("TSL-5, DPR-1: a kill is in the list within its life, and a revival is not")
  void tells_of_a_kill() throws MalformedException {
    var hers = token();
    assertThat(status(pair, hers)).isEqualTo(StatusList.VALID);
    happened(pair, alice, Happening.DISABLED);
    pair.clock.advance(SETTLED);
    assertThat(status(pair, hers)).isEqualTo(StatusList.INVALID);
    happened(pair, alice, Happening.ENABLED);
    pair.clock.advance(SETTLED);
    assertThat(status(pair, hers)).isEqualTo(StatusList.INVALID);
    assertThat(status(pair, token())).isEqualTo(StatusList.VALID);
  }

  @Test
  @DisplayName("places tell nothing: they are drawn at random and never given twice")
  void gives_each_place_once() throws MalformedException {
    var places = new HashSet<StatusReference>();
    boolean ascending = true;
    long last = -1;
    for (int i = 0; i < 40; i++) {
      var reference = reference(token());
      assertThat(places.add(reference)).isTrue();
      ascending &= reference.index() > last;
      last = reference.index();
    }
    assertThat(ascending).isFalse();
  }

  @Test
  void tells_nothing_of_a_list_that_there_is_not() {
    var nothing = Http.get(pair.rasUrl("/status-lists/AAAAAAAAAAAAAAAAAAAAAA"), Map.of());
    assertThat(nothing.status()).isEqualTo(404);
  }

  @Test
  @DisplayName("two nodes: each has lists of its own and serves those of the other")
  void on_two_nodes(@TempDir Path first, @TempDir Path second) throws MalformedException {
    try (var one = Pair.start(Setup.on(TestDatabases.postgres(), first), first);
        var two = Pair.start(one.setup().beside(one), second)) {
      var bob = one.person("bob", "engineering");
      two.awaitChanges();
      var ofOne = token(new Desk(one), new Assertions(one, "bob"));
      var ofTwo = token(new Desk(two), new Assertions(one, "bob"));
      assertThat(reference(ofOne).list()).isNotEqualTo(reference(ofTwo).list());
      for (var node : List.of(one, two)) {
        assertThat(status(node, ofOne)).isEqualTo(StatusList.VALID);
        assertThat(status(node, ofTwo)).isEqualTo(StatusList.VALID);
      }
      happened(one, bob, Happening.TOKENS_REVOKED);
      two.awaitChanges();
      one.clock.advance(SETTLED);
      for (var node : List.of(one, two)) {
        assertThat(status(node, ofOne)).isEqualTo(StatusList.INVALID);
        assertThat(status(node, ofTwo)).isEqualTo(StatusList.INVALID);
      }
    }
  }

  @Test
  @DisplayName("TSL-3: our library looks tokens up, and refuses all once no list can be had")
  void is_read_by_the_library() {
    var issuers = TrustedIssuers.of(trusted(pair));
    var egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
    var metadata =
        new ProtectedResourceMetadata(World.ARCHIVE, pair.ras(), Scopes.of("records.read"));
    var guard =
        new Guard(
            metadata,
            issuers,
            new StatusLists(issuers, egress, pair.clock),
            new MemoryDpopReplay(pair.clock),
            pair.clock);
    var token = token();
    assertThat(call(guard, token)).isInstanceOf(Verdict.Admitted.class);
    happened(pair, alice, Happening.DISABLED);
    pair.clock.advance(Duration.ofSeconds(60));
    assertThat(call(guard, token)).isInstanceOf(Verdict.Refused.class);

    happened(pair, alice, Happening.ENABLED);
    pair.clock.advance(Duration.ofSeconds(60));
    var next = token();
    assertThat(call(guard, next)).isInstanceOf(Verdict.Admitted.class);
    pair.close();
    pair.clock.advance(Duration.ofSeconds(60));
    assertThat(call(guard, next)).isInstanceOf(Verdict.Unavailable.class);
  }

  @Test
  @DisplayName(
      "TSL-5: a list that was fetched in the future, because the clock was set back, is old")
  void is_asked_for_anew_after_the_clock_was_set_back() {
    var issuers = TrustedIssuers.of(trusted(pair));
    var egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
    var back = new AtomicReference<>(Duration.ZERO);
    var metadata =
        new ProtectedResourceMetadata(World.ARCHIVE, pair.ras(), Scopes.of("records.read"));
    var guard =
        new Guard(
            metadata,
            issuers,
            new StatusLists(issuers, egress, () -> pair.clock.instant().minus(back.get())),
            new MemoryDpopReplay(pair.clock),
            pair.clock);
    var token = token();
    assertThat(call(guard, token)).isInstanceOf(Verdict.Admitted.class);
    happened(pair, alice, Happening.DISABLED);
    pair.clock.advance(Duration.ofSeconds(60));

    back.set(Duration.ofHours(1));
    assertThat(call(guard, token)).isNotInstanceOf(Verdict.Admitted.class);

    back.set(Duration.ZERO);
    assertThat(call(guard, token)).isInstanceOf(Verdict.Refused.class);
  }

  private static Verdict call(Guard guard, String token) {
    var request =
        new GuardedRequest(
            "POST",
            URI.create(World.ARCHIVE.value()),
            Optional.empty(),
            List.of("Bearer " + token),
            List.of());
    return guard.judge(request, Requirement.scopes("records.read"));
  }
}
