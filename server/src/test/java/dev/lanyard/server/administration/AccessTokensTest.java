package dev.lanyard.server.administration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.administration.TokenHolders.Held;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.clients.ApiScope;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.database.Proxy;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.http.TestLimits;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.pair.TestCursors;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.Tally;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SEC-14, RS-1 to RS-9: who may call what of the JSON API with an access token")
class AccessTokensTest {
  private static final SigningKey KEY = SigningKey.generate(SigningAlgorithm.ES256);
  private static final ClientId CLIENT = new ClientId("ops");
  private static final ClientSecret PROGRAM = ClientSecret.generate(new SecureRandom());
  private static final SecondFactor KEYS = SecondFactor.DEFAULT;

  private static final TestClock CLOCK = new TestClock();
  private static HttpServer server;
  private static Database database;

  @BeforeAll
  static void start(@TempDir Path folder) {
    database = Database.open(TestDatabases.sqlite(folder), CLOCK);
    server = listening();
    server.serve(Map.of("main", routes(database)));
  }

  private static HttpServer listening() {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return HttpServer.bind(
        List.of(new Listener("main", address, Optional.empty())), TestLimits.USUAL);
  }

  /// A call for each right, on a node with this database.
  private static List<Route> routes(Database database) {
    return routes(database, new PublicKeySet(List.of(KEY.publicKey())));
  }

  private static List<Route> routes(Database database, KeySource keys) {
    var platform =
        new Platform(
            database,
            new EgressClient(EgressPolicy.strict()),
            ClockSkew.DEFAULT,
            new Strangers(StrangerLimits.DEFAULT, CLOCK),
            new Tally(new Metrics()),
            CLOCK);
    var tokens =
        new AccessTokens(
            broker(),
            keys,
            AccessTokensTest::held,
            new Duties(
                Map.of(
                    Duty.HELP_DESK, Set.of("help_desk"),
                    Duty.ADMINISTRATOR, Set.of("administrator"),
                    Duty.REVIEWER, Set.of("reviewer")),
                KEYS),
            AdminBearers.reading(List.of(PROGRAM.hash())),
            platform);
    var api = new Api(tokens, TestCursors.of(), database, CLOCK);
    var routes = new ArrayList<ApiRoute>();
    for (var right : Right.values()) {
      routes.add(
          api.get(
              "/" + right,
              Operation.of(right.toString(), "A call.", right, Schema.text()),
              call -> Response.text(200, call.caller().name())));
    }
    var all = new ArrayList<>(Api.routes(routes));
    all.add(tokens.description());
    return all;
  }

  @AfterAll
  static void stop() {
    server.close();
    database.close();
  }

  private static Issuer broker() {
    return new Issuer("http://127.0.0.1:" + server.port("main") + "/t1");
  }

  /// The subject says what it is about: the groups of somebody, or that they are dead.
  private static Held held(AccessToken token) {
    if (token.subject().equals("dead")) {
      return new Held.Dead(new Evidence("person", "active", "disabled", "IDP-42"));
    }
    var person =
        new Person(
            new PersonId(token.subject()),
            "acme",
            token.subject(),
            true,
            Optional.empty(),
            false,
            token.subject(),
            Standing.ACTIVE,
            Set.of(token.subject()));
    var now = token.client().equals(CLIENT) ? ApiScope.all() : Scopes.NONE;
    return new Held.By(person, now);
  }

  private static AccessTokenClaims claims(String subject, ClientId client, Scopes scopes) {
    var audience = List.of(AccessTokens.resource(broker()));
    return new AccessTokenClaims(broker(), subject, client, audience)
        .scopes(scopes)
        .authentication(signedIn("phr"));
  }

  private static AuthenticationContext signedIn(String acr) {
    return new AuthenticationContext(Optional.of(CLOCK.instant()), Optional.of(acr), List.of());
  }

  private static String signed(AccessTokenClaims claims) {
    var now = CLOCK.instant();
    return new JwtSigner(KEY, AccessToken.TYPE)
        .sign(claims.build(OpaqueToken.identifier(), now, now.plus(Duration.ofMinutes(10))));
  }

  private static String token(String subject, Scopes scopes) {
    return signed(claims(subject, CLIENT, scopes));
  }

  private static URI url(Right right) {
    return URI.create("http://127.0.0.1:" + server.port("main") + "/admin/api/" + right);
  }

  private static Answer call(Right right, String token) {
    return Http.get(url(right), Map.of("Authorization", "Bearer " + token));
  }

  private static String type(Answer answer) {
    return answer.text("type").replace("urn:lanyard:problem:", "");
  }

  private static String challenge(Answer answer) {
    return String.join("\n", answer.response().headers().allValues("WWW-Authenticate"));
  }

  private static String recorded(String type) {
    var text = new StringBuilder();
    new AuditLog(database)
        .query(AuditQuery.newest(500).ofType(type))
        .forEach(record -> text.append(record.toJson().toJson()).append('\n'));
    return text.toString();
  }

  @Test
  @DisplayName("Every duty, every scope, every right: nobody gets by the one what the other lacks")
  void table() {
    var allowed = new HashMap<String, Set<String>>();
    allowed.put("help_desk", Set.of("HELP", "OWN", "ASK"));
    allowed.put("administrator", Set.of("HELP", "READ", "CHANGE", "SIGN", "DRAFT", "OWN", "ASK"));
    allowed.put("reviewer", Set.of("HELP", "READ", "AUDIT", "SIGN", "REVIEW", "OWN", "ASK"));
    allowed.put("employee", Set.of("OWN", "ASK"));
    var of =
        Map.of(
            "HELP", "lanyard.read",
            "READ", "lanyard.read",
            "AUDIT", "lanyard.audit",
            "CHANGE", "lanyard.admin",
            "SIGN", "lanyard.admin",
            "REVIEW", "lanyard.admin",
            "DRAFT", "lanyard.read",
            "OWN", "lanyard.read",
            "ASK", "lanyard.admin");
    for (var group : allowed.keySet()) {
      for (var scope : ApiScope.values()) {
        var token = token(group, Scopes.of(scope.value()));
        for (var right : Right.values()) {
          boolean fits = scope.value().equals(of.get(right.name()));
          var may = fits && allowed.get(group).contains(right.name());
          var answer = call(right, token);
          var what = group + " " + scope + " " + right + " " + answer.body();
          assertThat(answer.status()).as(what).isEqualTo(may ? 200 : 403);
          if (may) {
            assertThat(answer.body()).isEqualTo(group);
          } else {
            assertThat(type(answer)).as(what).isEqualTo(fits ? "no_duty" : "insufficient_scope");
          }
        }
      }
    }
    assertThat(recorded("api.refused")).contains("\"check\":\"duty\"", "\"check\":\"scope\"");
    assertThat(recorded("api.called"))
        .contains("\"by\":\"reviewer\"", "\"call\":\"AUDIT\"", "\"path\":\"/admin/api/AUDIT\"");
  }

  @Test
  @DisplayName("KEY-2: what a revoked key signed opens nothing, also if it was taken before")
  void revoked_key() {
    var withdrawn = new AtomicBoolean();
    var set = new PublicKeySet(List.of(KEY.publicKey()));
    var keys =
        new KeySource() {
          @Override
          public Lookup find(Optional<String> keyId, SigningAlgorithm algorithm) {
            return withdrawn.get() ? new Lookup.None() : set.find(keyId, algorithm);
          }

          @Override
          public long withdrawals() {
            return withdrawn.get() ? 1 : 0;
          }
        };
    var token = token("administrator", Scopes.of("lanyard.read"));
    try (var there = listening()) {
      there.serve(Map.of("main", routes(database, keys)));
      var url = URI.create("http://127.0.0.1:" + there.port("main") + "/admin/api/" + Right.READ);
      var bearer = Map.of("Authorization", "Bearer " + token);
      assertThat(Http.get(url, bearer).status()).isEqualTo(200);

      withdrawn.set(true);

      assertThat(Http.get(url, bearer).status()).isEqualTo(401);
    }
  }

  @Test
  @DisplayName("A program of the configuration reads, and has no name in which it could do more")
  void program() {
    var token = PROGRAM.secret().reveal();
    assertThat(call(Right.READ, token).status()).isEqualTo(200);
    assertThat(call(Right.HELP, token).body()).isEqualTo("admin token 1");
    assertThat(call(Right.AUDIT, token).status()).isEqualTo(403);
    assertThat(call(Right.CHANGE, token).status()).isEqualTo(403);
    assertThat(call(Right.DRAFT, token).status()).as("has no draft").isEqualTo(403);
    assertThat(call(Right.OWN, token).status()).as("has nothing of its own").isEqualTo(403);
  }

  @Test
  @DisplayName("RFC 9728: who brings nothing is told where the authorization server is")
  void challenged() throws Exception {
    var answer = Http.get(url(Right.READ), Map.of());
    assertThat(answer.status()).isEqualTo(401);
    assertThat(type(answer)).isEqualTo("unauthenticated");
    assertThat(answer.body()).contains("\"detail\":\"an access token is needed. Ask the broker");
    var metadata =
        "http://127.0.0.1:"
            + server.port("main")
            + "/.well-known/oauth-protected-resource/admin/api";
    assertThat(challenge(answer))
        .contains("Bearer resource_metadata=\"" + metadata + "\"")
        .contains("scope=\"lanyard.read lanyard.audit lanyard.admin\"", "DPoP ")
        .doesNotContain("error=");
    var document = Http.get(URI.create(metadata), Map.of()).json();
    assertThat(document.string("resource"))
        .contains("http://127.0.0.1:" + server.port("main") + "/admin/api");
    assertThat(document.strings("authorization_servers").orElseThrow())
        .containsExactly(broker().value());
  }

  @Test
  @DisplayName(
      "RS-6, RS-7: a token of another audience, issuer or key counts for nothing, nor a dead one")
  void strangers() {
    var scopes = Scopes.of("lanyard.read");
    var elsewhere =
        new AccessTokenClaims(
                broker(),
                "administrator",
                CLIENT,
                List.of(new ResourceIndicator(broker() + "/userinfo")))
            .scopes(scopes)
            .authentication(signedIn("phr"));
    var another = new Issuer("http://127.0.0.1:" + server.port("main") + "/t2");
    var foreign =
        new AccessTokenClaims(
                another, "administrator", CLIENT, List.of(AccessTokens.resource(broker())))
            .scopes(scopes)
            .authentication(signedIn("phr"));
    var now = CLOCK.instant();
    var forged =
        new JwtSigner(SigningKey.generate(SigningAlgorithm.ES256), AccessToken.TYPE)
            .sign(
                claims("administrator", CLIENT, scopes)
                    .build("1", now, now.plus(Duration.ofMinutes(10))));
    for (var token :
        List.of(
            signed(elsewhere),
            signed(foreign),
            forged,
            token("dead", scopes),
            "no token of anybody's")) {
      var answer = call(Right.READ, token);
      assertThat(answer.status()).as(answer.body()).isIn(400, 401);
      assertThat(challenge(answer)).contains("error=\"invalid_");
      assertThat(answer.body()).doesNotContain(token);
    }
    assertThat(call(Right.READ, token("administrator", scopes)).status()).isEqualTo(200);
    assertThat(recorded("api.refused")).contains("IDP-42", "RS-6");
  }

  @Test
  @DisplayName("An application that may no more is of no use, whatever its tokens say")
  void application() {
    var scopes = Scopes.of("lanyard.read");
    var answer = call(Right.READ, signed(claims("administrator", new ClientId("another"), scopes)));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(type(answer)).isEqualTo("insufficient_scope");
  }

  @Test
  @DisplayName(
      "SEC-14, RFC 9470: a password is not enough, and the application learns what would be")
  void second_factor() {
    var scopes = Scopes.of("lanyard.read");
    var weak = claims("administrator", CLIENT, scopes).authentication(signedIn("pwd"));
    var answer = call(Right.READ, signed(weak));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(type(answer)).isEqualTo("sign_in_too_weak");
    assertThat(challenge(answer))
        .contains("error=\"insufficient_user_authentication\"", "acr_values=\"phr phrh\"");
    // Whoever has no duty is not asked to fetch a key for nothing.
    var nobody = claims("employee", CLIENT, scopes).authentication(signedIn("pwd"));
    assertThat(type(call(Right.READ, signed(nobody)))).isEqualTo("no_duty");
    assertThat(call(Right.OWN, signed(nobody)).status()).as("one's own").isEqualTo(200);
    var methods =
        new AuthenticationContext(Optional.of(CLOCK.instant()), Optional.empty(), List.of("hwk"));
    var strong = claims("administrator", CLIENT, scopes).authentication(methods);
    assertThat(call(Right.READ, signed(strong)).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("RS-9: a token that is bound to a key comes with a proof of it, once")
  void bound() {
    var holder =
        new DpopSigner(SigningKey.generate(SigningAlgorithm.ES256), CLOCK, new SecureRandom());
    var scopes = Scopes.of("lanyard.read");
    var token = signed(claims("administrator", CLIENT, scopes).boundTo(holder.thumbprint()));
    assertThat(call(Right.READ, token).status()).isEqualTo(401);
    var proof = holder.proof("GET", url(Right.READ), Optional.empty(), new Secret(token));
    var headers = Map.of("Authorization", "DPoP " + token, "DPoP", proof);
    assertThat(Http.get(url(Right.READ), headers).status()).isEqualTo(200);
    var again = Http.get(url(Right.READ), headers);
    assertThat(again.status()).isEqualTo(401);
    assertThat(challenge(again).toLowerCase(Locale.ROOT)).contains("invalid_dpop_proof");
  }

  @Test
  @DisplayName(
      "A node that may have missed a kill lets nobody in with an access token, and says when to"
          + " come back")
  void stale() throws Exception {
    var config =
        TestDatabases.postgres().withFreshness(Duration.ofMillis(100), Duration.ofMillis(600));
    var token = token("administrator", Scopes.of("lanyard.read"));
    try (var proxy = Proxy.to(config);
        var cut = Database.open(proxy.through(config), CLOCK);
        var node = listening()) {
      node.serve(Map.of("main", routes(cut)));
      var address =
          URI.create("http://127.0.0.1:" + node.port("main") + "/admin/api/" + Right.READ);
      var headers = Map.of("Authorization", "Bearer " + token);
      Soon.until(() -> Http.get(address, headers).status() == 200);
      proxy.cut();
      Soon.until(() -> cut.changes().freshness() instanceof Freshness.Stale);
      var answer = Http.get(address, headers);
      assertThat(answer.status()).as(answer.body()).isEqualTo(503);
      assertThat(type(answer)).isEqualTo("unavailable");
      assertThat(answer.header("Retry-After")).contains("5");
      proxy.mend();
      Soon.until(() -> Http.get(address, headers).status() == 200);
    }
  }

  @Test
  @DisplayName("RS-5: no token is taken from the query")
  void query() {
    var token = token("administrator", Scopes.of("lanyard.read"));
    var uri = URI.create(url(Right.READ) + "?access_token=" + token);
    assertThat(Http.get(uri, Map.of()).status()).isEqualTo(401);
    assertThat(Http.get(uri, Map.of("Authorization", "Bearer " + token)).status()).isEqualTo(400);
  }
}
