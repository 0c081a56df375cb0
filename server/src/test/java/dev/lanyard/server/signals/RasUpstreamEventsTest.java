package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.RiscEvent;
import dev.lanyard.protocol.securityevent.SecurityEvent;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.ras.FlowConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "SSF-30 to SSF-40: who signs people in at the resource authorization server tells it what"
        + " happens to them")
class RasUpstreamEventsTest {
  private static final String SCOPE = "issues.read offline_access";
  private static final String ZOE = "zoe-upstream";

  @TempDir Path folder;

  private Provider partner;
  private Provider other;
  private Setup setup;
  private Pair pair;

  @BeforeEach
  void start() {
    setup = Setup.usual(folder);
    partner = Provider.start(setup.clock());
    other = Provider.start(setup.clock());
    var ways =
        new SignInWays(
            Optional.empty(),
            List.of(
                new SignInWays.Provider(partner.upstream("partner"), "partners"),
                new SignInWays.Provider(other.upstream("other"), "others")),
            List.of(),
            HomeRealms.NONE);
    setup = setup.lettingConsent().ordinary(new FlowConfig(ways));
    pair = Pair.start(setup, folder);
  }

  @AfterEach
  void stop() {
    pair.close();
    partner.close();
    other.close();
  }

  /// Somebody who has signed in at the provider and agreed here, with what the client got.
  private Answer tokens(Visit visit, String sid) {
    partner.says(JsonObject.builder().put("sid", sid).build());
    var page = signedIn(visit);
    // Whoever has agreed before is not asked again.
    var back = page.status() == 303 ? page : visit.decide(page, "allow");
    var tokens = visit.token(visit.codeRequest(back.parameter("code")).build());
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    return tokens;
  }

  /// What the browser is shown after the sign-in at the provider.
  private Answer signedIn(Visit visit) {
    var wanted = visit.authorization(World.LINEAR, SCOPE).build().encode();
    var query = Form.builder().add("authorization", wanted).build().encode();
    var away = visit.browse(URI.create(pair.rasUrl("/login/partner") + "?" + query)).location();
    return visit.browse(Http.get(away, Map.of()).location());
  }

  private Visit visit() {
    return Visit.studio(pair);
  }

  private void assertLives(Visit visit, Answer tokens) {
    assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isTrue();
  }

  private void assertDead(Visit visit, Answer tokens) {
    assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isFalse();
    assertThat(visit.token(Visit.refresh(tokens.text("refresh_token")).build()).text("error"))
        .isEqualTo("invalid_grant");
  }

  private SubjectIdentifier zoe() {
    return new SubjectIdentifier.IssuerSubject(partner.issuer().value(), ZOE);
  }

  private String event(
      Provider by, SigningKey key, String id, SubjectIdentifier subject, SecurityEvent event) {
    var claims =
        new SecurityEventClaims(
            by.issuer(),
            pair.ras().value(),
            subject,
            event,
            Circumstances.UNKNOWN,
            Optional.empty());
    return new JwtSigner(key, SecurityEventToken.TYPE).sign(claims.build(id, pair.clock.instant()));
  }

  private String event(String id, SubjectIdentifier subject, SecurityEvent event) {
    return event(partner, partner.key(), id, subject, event);
  }

  private static Answer pushed(Pair node, String source, String event) {
    return Http.post(
        node.rasUrl("/signals/events/" + source), "application/secevent+jwt", event, Map.of());
  }

  private void take(String event) {
    assertThat(pushed(pair, "events-of-partner", event).status()).isEqualTo(202);
  }

  private List<String> recorded(String type) {
    return new AuditLog(pair.database)
        .query(AuditQuery.newest(50).ofType(type)).stream()
            .map(record -> record.event().type())
            .toList();
  }

  @Test
  @DisplayName("session-revoked about one session ends what came of it, and nothing else")
  void one_session() {
    var here = visit();
    var one = tokens(here, "session-1");
    var there = here.inAnotherBrowser();
    var two = tokens(there, "session-2");
    pair.clock.advance(Duration.ofSeconds(2));

    take(
        event(
            "e-1",
            new SubjectIdentifier.Complex(
                Map.of("user", zoe(), "session", new SubjectIdentifier.Opaque("session-1"))),
            new CaepEvent.SessionRevoked()));

    assertDead(here, one);
    assertLives(there, two);
    assertThat(there.token(Visit.refresh(two.text("refresh_token")).build()).status())
        .isEqualTo(200);
  }

  @Test
  @DisplayName("DPR-2: what is about the person ends all of it; who is disabled does not come back")
  void of_the_person() {
    var events =
        List.of(
            new CaepEvent.SessionRevoked(),
            new RiscEvent.Plain(RiscEvent.Kind.SESSIONS_REVOKED),
            new RiscEvent.CredentialCompromise("password"),
            new RiscEvent.AccountDisabled(Optional.of("hijacking")));
    for (var event : events) {
      var here = visit();
      var tokens = tokens(here, "session of " + event.type());
      assertLives(here, tokens);
      pair.clock.advance(Duration.ofSeconds(2));

      take(event("e " + event.type(), zoe(), event));

      assertDead(here, tokens);
      pair.clock.advance(Duration.ofSeconds(2));
    }
    var again = visit();
    assertThat(signedIn(again).status()).as("disabled").isEqualTo(403);
  }

  @Test
  @DisplayName("SEC-9: nobody speaks about people of another provider, or with a key of another")
  void of_others() {
    var here = visit();
    var tokens = tokens(here, "session-1");
    pair.clock.advance(Duration.ofSeconds(2));
    var event = new RiscEvent.AccountDisabled(Optional.empty());

    assertThat(pushed(pair, "events-of-other", event(other, other.key(), "e-1", zoe(), event)))
        .as("a subject of the other issuer")
        .extracting(Answer::status)
        .isEqualTo(202);
    assertThat(recorded("event.noted")).hasSize(1);
    var theirs = new SubjectIdentifier.IssuerSubject(other.issuer().value(), ZOE);
    pushed(pair, "events-of-other", event(other, other.key(), "e-2", theirs, event));
    assertThat(pushed(pair, "events-of-partner", event(other, other.key(), "e-3", theirs, event)))
        .as("at the place of another")
        .extracting(Answer::status)
        .isEqualTo(400);
    var forged = event(partner, Pair.strangersKey(), "e-4", zoe(), event);
    assertThat(pushed(pair, "events-of-partner", forged).status()).isEqualTo(400);
    assertThat(pushed(pair, "events-of-nobody", forged).status()).isEqualTo(404);

    assertLives(here, tokens);
  }

  @Test
  @DisplayName("DPR-3: an event that comes again ends nothing that began after it")
  void again() {
    var here = visit();
    var before = tokens(here, "session-1");
    pair.clock.advance(Duration.ofSeconds(2));
    var event = event("e-1", zoe(), new CaepEvent.SessionRevoked());
    take(event);
    assertDead(here, before);
    pair.clock.advance(Duration.ofSeconds(2));
    var after = tokens(visit(), "session-2");

    take(event);

    assertLives(visit(), after);
    assertThat(recorded("person.revoked")).hasSize(1);
  }

  @Test
  @DisplayName("one that comes to two nodes at once has one effect, and both refuse")
  void at_two_nodes() throws Exception {
    try (var second = Pair.start(setup.beside(pair), Files.createDirectory(folder.resolve("2")))) {
      var here = visit();
      var tokens = tokens(here, "session-1");
      second.awaitChanges();
      pair.clock.advance(Duration.ofSeconds(2));
      var event = event("e-1", zoe(), new CaepEvent.SessionRevoked());
      var nodes = new ConcurrentLinkedQueue<>(List.of(pair, second));

      AtOnce.run(
          2,
          () ->
              assertThat(pushed(nodes.remove(), "events-of-partner", event).status())
                  .isEqualTo(202));

      pair.awaitChanges();
      second.awaitChanges();
      assertDead(here, tokens);
      assertDead(here.at(second), tokens);
      assertThat(recorded("person.revoked")).hasSize(1);
    }
  }
}
