package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.upstream.ClaimNames;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Entra: `sub` is another one for each application, `oid` is what SCIM has as `externalId`.
@DisplayName(
    "DPR-4, SEC-9: whoever signs in is the provisioned person of the same oid, nobody else")
class SubjectClaimTest {
  private static final String ANA = "ana@acme.example";
  private static final String OID = "7f6d1c8a-0000-4000-8000-000000000001";
  private static final String OTHER = "7f6d1c8a-0000-4000-8000-000000000002";

  @TempDir Path folder;
  private dev.lanyard.server.pair.Provider idp;
  private Pair pair;
  private Provider entra;
  private String ana;

  @BeforeEach
  void start() {
    var setup = Setup.usual(folder);
    idp = dev.lanyard.server.pair.Provider.start(setup.clock());
    var upstream =
        new UpstreamConfig(
            "entra",
            "Entra",
            idp.issuer(),
            new ClientId("broker"),
            World.clientSecret(),
            Scopes.of("email"),
            UpstreamConfig.ALGORITHMS,
            ClaimNames.STANDARD.withSubject("oid"));
    pair = Pair.start(setup.with(new BrokerConfig.SignIn(false, List.of(upstream))), folder);
    entra = new Provider(pair, "of-entra");
    ana = provisioned(ANA, OID);
    entra.group("engineering", ana);
  }

  @AfterEach
  void stop() {
    pair.close();
    idp.close();
  }

  private String provisioned(String userName, String externalId) {
    var reply =
        entra.post(
            "/Users",
            """
            {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "%1$s",
             "externalId": "%2$s", "active": true,
             "emails": [{"value": "%1$s", "type": "work", "primary": true}]}
            """
                .formatted(userName, externalId));
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return reply.id();
  }

  private static JsonObject.Builder claims(String sub, String oid) {
    return JsonObject.builder()
        .put("sub", sub)
        .put("oid", oid)
        .put("email", ANA)
        .put("email_verified", true);
  }

  private Answer signIn(JsonObject claims) {
    return signIn(new Desk(pair), claims);
  }

  private Answer signIn(Desk desk, JsonObject claims) {
    idp.says(claims);
    var query = Form.builder().add("authorization", desk.authorization("openid").build().encode());
    var begin = URI.create(pair.brokerUrl("/login/entra") + "?" + query.build().encode());
    return desk.browse(Http.get(desk.browse(begin).location(), Map.of()).location());
  }

  private String idToken(JsonObject claims) {
    var desk = new Desk(pair);
    var code = signIn(desk, claims).parameter("code");
    return desk.token(desk.codeRequest(code).build()).text("id_token");
  }

  private void assertNotAna(Answer answer) {
    assertThat(answer.header("Location").orElse("")).doesNotContain("code=");
    pair.directory.all().stream()
        .filter(one -> !one.id().value().equals(ana))
        .forEach(one -> assertThat(one.groups()).isEmpty());
    var sessions =
        pair.database.<Long>read(connection -> {
          try (var query =
              connection.prepareStatement("SELECT COUNT(*) FROM session WHERE person = ?")) {
            query.setString(1, ana);
            try (var rows = query.executeQuery()) {
              rows.next();
              return rows.getLong(1);
            }
          }
        });
    assertThat(sessions).as("sessions of Ana").isZero();
  }

  @Test
  @DisplayName("the same oid, whatever sub, name and address say now")
  void the_same_oid() {
    var answer =
        idToken(
            claims("pairwise-1", OID)
                .put("preferred_username", "ana.married@acme.example")
                .put("email", "somebody@else.example")
                .build());
    var exchanged = new Desk(pair).exchange(answer, World.LINEAR);
    assertThat(exchanged.status()).as(exchanged.body()).isEqualTo(200);
    assertThat(pair.directory.all()).hasSize(1);
  }

  @Test
  @DisplayName("another oid with her address and her name")
  void her_name_and_address() {
    assertNotAna(signIn(claims("pairwise-2", OTHER).put("preferred_username", ANA).build()));
    assertNotAna(signIn(claims("pairwise-2", OTHER).put("preferred_username", "x").build()));
  }

  @Test
  @DisplayName("another oid with her oid as sub, in other letters, or among several")
  void her_oid_elsewhere() {
    assertNotAna(signIn(claims(OID, OTHER).put("preferred_username", "x").build()));
    assertNotAna(signIn(claims("p", OID.toUpperCase(java.util.Locale.ROOT)).build()));
    assertNotAna(signIn(claims("p", OID + " ").put("preferred_username", "y").build()));
    assertNotAna(signIn(claims("p", OTHER).put("oid", List.of(OID, OTHER)).build()));
    assertNotAna(signIn(JsonObject.builder().put("sub", OID).build()));
  }

  @Test
  @DisplayName("nobody can be provisioned under her oid, nor moved to it")
  void her_oid_over_scim() {
    var second = entra.post("/Users", "{\"userName\": \"eve\", \"externalId\": \"" + OID + "\"}");
    assertThat(second.status()).isEqualTo(409);
    var eve = provisioned("eve", OTHER);
    var moved =
        entra.patch(
            "/Users/" + eve,
            "{\"op\": \"replace\", \"path\": \"externalId\", \"value\": \"" + OID + "\"}");
    assertThat(moved.status()).isEqualTo(409);
    assertThat(entra.get("/Users/" + eve).text("externalId")).isEqualTo(OTHER);
    idToken(claims("p", OID).build());
    assertThat(pair.directory.person(new PersonId(ana)).orElseThrow().groups())
        .contains("engineering");
  }

  @Test
  @DisplayName("an oid that was corrected: whoever it was before is out, at once, and stays out")
  void a_corrected_oid() {
    var wrong = idToken(claims("p-wrong", OID).build());
    assertThat(new Desk(pair).exchange(wrong, World.LINEAR).status()).isEqualTo(200);
    pair.clock.advance(Duration.ofSeconds(2));

    var corrected =
        entra.patch(
            "/Users/" + ana,
            "{\"op\": \"replace\", \"path\": \"externalId\", \"value\": \"" + OTHER + "\"}");

    assertThat(corrected.status()).as(corrected.body()).isEqualTo(200);
    assertThat(new Desk(pair).exchange(wrong, World.LINEAR).text("error"))
        .isEqualTo("invalid_grant");
    pair.clock.advance(Duration.ofSeconds(2));
    var answer = signIn(claims("p-wrong", OID).put("preferred_username", "wrong").build());
    assertThat(answer.header("Location").orElse("")).doesNotContain("code=");
    var right = idToken(claims("p-right", OTHER).build());
    assertThat(new Desk(pair).exchange(right, World.LINEAR).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("an oid that is taken away: nobody signs in as her; the first one is only set")
  void no_oid() {
    var bob = entra.create("bob");
    assertThat(
            entra
                .patch(
                    "/Users/" + bob,
                    "{\"op\": \"replace\", \"path\": \"externalId\", \"value\": \"" + OTHER + "\"}")
                .status())
        .isEqualTo(200);
    assertThat(
            entra.patch("/Users/" + ana, "{\"op\": \"remove\", \"path\": \"externalId\"}").status())
        .isEqualTo(200);
    pair.clock.advance(Duration.ofSeconds(2));
    assertNotAna(signIn(claims("p", OID).put("preferred_username", "x").build()));
  }

  @Test
  @DisplayName("BCL-4: her sessions there are known by the sub of the sign-in")
  void ended_by_sub() {
    var token = idToken(claims("pairwise-1", OID).build());
    pair.clock.advance(Duration.ofSeconds(2));
    assertThat(new Desk(pair).exchange(token, World.LINEAR).status()).isEqualTo(200);
    endedThere("pairwise-2");
    assertThat(new Desk(pair).exchange(token, World.LINEAR).status()).isEqualTo(200);
    endedThere("pairwise-1");
    assertThat(new Desk(pair).exchange(token, World.LINEAR).text("error"))
        .isEqualTo("invalid_grant");
  }

  private void endedThere(String sub) {
    pair.revocation.accept(
        new Signal(
            Source.of(Source.Kind.BACK_CHANNEL_LOGOUT, "entra").within(World.ORGANISATION),
            "logout-" + sub,
            new Subject.UpstreamSubject("entra", sub),
            Happening.SESSIONS_REVOKED,
            pair.clock.instant(),
            "signed out there",
            "test"));
  }
}
