package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.RevocationCaller;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Customer;
import dev.lanyard.server.pair.Desk;
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
import java.security.SecureRandom;
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
    "GTR-1 to GTR-8: the identity provider of a customer ends at the resource authorization server"
        + " what its people have")
class CustomersCallsTest {
  private static final String TYPE = RevocationCaller.TYPE;

  @TempDir Path folder;

  private Provider login;
  private Customer globex;
  private Setup setup;
  private Pair pair;
  private Person ana;

  @BeforeEach
  void start() {
    var usual = Setup.usual(folder);
    login = Provider.start(usual.clock());
    globex = Customer.start(usual.clock());
    var ways =
        new SignInWays(
            Optional.empty(),
            List.of(new SignInWays.Provider(login.upstream("login"), World.ORGANISATION)),
            List.of(),
            HomeRealms.NONE);
    setup = usual.serving(globex.issuer()).lettingConsent().ordinary(new FlowConfig(ways));
    pair = Pair.start(setup, folder);
    ana = pair.person("ana", "engineering");
  }

  @AfterEach
  void stop() {
    pair.close();
    globex.close();
    login.close();
  }

  /// An access token that somebody of Acme has by an ID-JAG of its broker.
  private String byAssertion(String userName) {
    var broker = new Assertions(pair, userName);
    var claims = broker.claims(World.LINEAR, "issues.read").build();
    var answer = new Desk(pair).redeem(broker.signed(claims));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.text("access_token");
  }

  /// What somebody has by signing in here and consenting.
  private Answer byConsent(Visit visit, String userName) {
    login.says(
        JsonObject.builder()
            .put("sub", userName + "-at-login")
            .put("preferred_username", userName + "-here")
            .build());
    var page = signedIn(visit);
    var back = page.status() == 303 ? page : visit.decide(page, "allow");
    var tokens = visit.token(visit.codeRequest(back.parameter("code")).build());
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    return tokens;
  }

  private Answer signedIn(Visit visit) {
    var wanted = visit.authorization(World.LINEAR, "issues.read offline_access").build().encode();
    var query = Form.builder().add("authorization", wanted).build().encode();
    var away = visit.browse(URI.create(pair.rasUrl("/login/login") + "?" + query)).location();
    return visit.browse(Http.get(away, Map.of()).location());
  }

  private boolean isActive(Pair node, String token) {
    return new Desk(node).introspect(token, "linear-server").body().contains("\"active\":true");
  }

  /// Good claims of Acme's broker; a test changes one thing of them.
  private JsonObject claims() {
    return claims(pair.broker(), World.APP_AT_ACME);
  }

  private JsonObject claims(Issuer issuer, String subject) {
    var now = pair.clock.instant();
    var id = "call-" + new SecureRandom().nextLong();
    return new RevocationCaller(issuer, subject, id, now.plusSeconds(300))
        .claimsFor(endpoint(), now);
  }

  private URI endpoint() {
    return URI.create(pair.ras() + "/global-token-revocation");
  }

  private SigningKey key() {
    return pair.brokerKeys.active(Purpose.ID_JAG);
  }

  private String token(JsonObject claims) {
    return new JwtSigner(key(), TYPE).sign(claims);
  }

  private static String named(SubjectIdentifier subject) {
    return "{\"sub_id\":" + subject.toJson().toJson() + "}";
  }

  private SubjectIdentifier subject(Person person) {
    return new SubjectIdentifier.IssuerSubject(pair.broker().value(), person.id().value());
  }

  private static Answer called(Pair node, String bearer, String body) {
    return Http.post(
        node.rasUrl("/global-token-revocation"),
        "application/json",
        body,
        Map.of("Authorization", "Bearer " + bearer));
  }

  private void assertEnds(String body) {
    var token = byAssertion("ana");
    var others = byAssertion("bob");
    pair.clock.advance(Duration.ofSeconds(2));

    var answer = called(pair, token(claims()), body);

    assertThat(answer.status()).as(answer.body()).isEqualTo(204);
    assertThat(isActive(pair, token)).isFalse();
    assertThat(isActive(pair, others)).isTrue();
    assertThat(pair.directory.person(ana.id()).orElseThrow().active()).isTrue();
    pair.clock.advance(Duration.ofSeconds(2));
  }

  @Test
  @DisplayName("GTR-1, GTR-2, GTR-5: by issuer and subject, by an address or the issuer's own word")
  void each_format() {
    assertEnds(named(subject(ana)));
    assertEnds(named(new SubjectIdentifier.Email("ana@" + World.DOMAIN)));
    assertEnds(named(new SubjectIdentifier.Opaque(ana.id().value())));
    assertEnds(named(subject(ana)).replace("sub_id", "subject"));
  }

  @Test
  @DisplayName("GTR-2: the session here ends too, with all that came of it")
  void sessions() {
    var visit = Visit.studio(pair);
    var tokens = byConsent(visit, "zoe");
    var zoe = pair.directory.findByUserName(World.ORGANISATION, "zoe-here").orElseThrow();
    var again = visit.authorize(visit.authorization(World.LINEAR, "issues.read").build());
    assertThat(again.status()).as("is not asked again").isEqualTo(303);
    assertThat(again.location().toString()).contains("code=");
    // By the identifier of ours, as an ID-JAG about her would name her.
    var linking = new Assertions(pair, "zoe-here").claims(World.LINEAR, "issues.read");
    var first =
        new Assertions(pair, "zoe-here").signed(linking.put("aud_sub", zoe.id().value()).build());
    assertThat(new Desk(pair).redeem(first).status()).isEqualTo(200);
    pair.clock.advance(Duration.ofSeconds(2));

    assertThat(called(pair, token(claims()), named(subject(zoe))).status()).isEqualTo(204);

    assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isFalse();
    assertThat(visit.token(Visit.refresh(tokens.text("refresh_token")).build()).text("error"))
        .isEqualTo("invalid_grant");
    var after = visit.authorize(visit.authorization(World.LINEAR, "issues.read").build());
    assertThat(after.body() + after.header("Location").orElse("")).doesNotContain("code=");
  }

  @Test
  @DisplayName("GTR-8: people of another customer are as unknown as nobody, by whatever name")
  void people_of_another_customer() {
    var token = byAssertion("ana");
    pair.clock.advance(Duration.ofSeconds(2));
    var unknown =
        calledByGlobex(
            new SubjectIdentifier.IssuerSubject(globex.issuer().value(), "nobody at all"));
    assertThat(unknown.status()).isEqualTo(404);
    for (var name :
        List.of(
            subject(ana),
            new SubjectIdentifier.IssuerSubject(globex.issuer().value(), ana.id().value()),
            new SubjectIdentifier.Email("ana@" + World.DOMAIN),
            new SubjectIdentifier.Email("ana@" + World.NEIGHBOURS_DOMAIN),
            new SubjectIdentifier.Opaque(ana.id().value()))) {
      var answer = calledByGlobex(name);
      assertThat(answer.status()).as(name.format()).isEqualTo(404);
      assertThat(answer.body()).isEqualTo(unknown.body());
    }
    assertThat(isActive(pair, token)).isTrue();
  }

  private Answer calledByGlobex(SubjectIdentifier name) {
    var claims = claims(globex.issuer(), World.APP_AT_GLOBEX);
    return called(pair, new JwtSigner(globex.key(), TYPE).sign(claims), named(name));
  }

  @Test
  @DisplayName("GTR-3, GTR-4: who does not prove itself gets 401, and nothing ends")
  void who_does_not_prove_itself() {
    var token = byAssertion("ana");
    pair.clock.advance(Duration.ofSeconds(2));
    var stranger = new Issuer(globex.issuer() + "/other");
    var past = JsonObject.builder().put("exp", pair.clock.instant().getEpochSecond() - 120).build();
    var tokenUrl = JsonObject.builder().put("aud", pair.rasUrl("/token").toString()).build();
    var atIssuer = JsonObject.builder().put("aud", pair.ras().value()).build();
    var both =
        JsonObject.builder()
            .put("aud", List.of(endpoint().toString(), "https://other.example"))
            .build();
    var refused =
        Map.of(
            "another endpoint", token(claims().with(tokenUrl)),
            "the server, not the endpoint", token(claims().with(atIssuer)),
            "two audiences", token(claims().with(both)),
            "over", token(claims().with(past)),
            "another application there", token(claims(pair.broker(), "another-app")),
            "a key of nobody", new JwtSigner(Pair.strangersKey(), TYPE).sign(claims()),
            "a key of another customer", new JwtSigner(globex.key(), TYPE).sign(claims()),
            "another kind of token", new JwtSigner(key(), "oauth-id-jag+jwt").sign(claims()),
            "an issuer of nobody",
                new JwtSigner(globex.key(), TYPE).sign(claims(stranger, World.APP_AT_GLOBEX)),
            "no JWT", token);

    refused.forEach((what, bearer) -> {
      var answer = called(pair, bearer, named(subject(ana)));
      assertThat(answer.status()).as(what).isEqualTo(401);
      assertThat(answer.body()).as(what).doesNotContain("ras-at", pair.broker().value());
    });
    assertThat(
            Http.post(
                    pair.rasUrl("/global-token-revocation"),
                    "application/json",
                    named(subject(ana)),
                    Map.of())
                .status())
        .isEqualTo(401);
    assertThat(called(pair, token(claims()), "{").status()).isEqualTo(400);
    assertThat(isActive(pair, token)).isTrue();
  }

  @Test
  @DisplayName("GTR-4: a call is taken once, also when it comes to two nodes at once")
  void at_two_nodes() throws Exception {
    try (var second = Pair.start(setup.beside(pair), Files.createDirectory(folder.resolve("2")))) {
      var token = byAssertion("ana");
      second.awaitChanges();
      pair.clock.advance(Duration.ofSeconds(2));
      var bearer = token(claims());
      var nodes = new ConcurrentLinkedQueue<>(List.of(pair, second));
      var answers = new ConcurrentLinkedQueue<Integer>();

      AtOnce.run(
          2, () -> answers.add(called(nodes.remove(), bearer, named(subject(ana))).status()));

      assertThat(answers).containsExactlyInAnyOrder(204, 401);
      pair.awaitChanges();
      second.awaitChanges();
      assertThat(isActive(pair, token)).isFalse();
      assertThat(isActive(second, token)).isFalse();
      pair.clock.advance(Duration.ofSeconds(2));
      var later = byAssertion("ana");
      pair.clock.advance(Duration.ofSeconds(2));
      assertThat(called(pair, bearer, named(subject(ana))).status()).isEqualTo(401);
      assertThat(isActive(pair, later)).isTrue();
    }
  }
}
