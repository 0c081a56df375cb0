package dev.lanyard.server.clients.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Clientele;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.DocumentServer;
import dev.lanyard.server.pair.DocumentServer.Reply;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Signer;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("CIMD draft-02 at both servers: clients that are called by the URL of their document")
@Tag("thorough")
class ClientDocumentTest {
  private static final Duration DUE = Duration.ofHours(1);

  @TempDir Path folder;
  private DocumentServer host;
  private Pair pair;

  @BeforeEach
  void start() {
    host = DocumentServer.start();
    pair = Pair.start(Setup.usual(folder), folder, Clientele.USUAL.readingDocumentsOf("localhost"));
    pair.person("alice", "engineering");
  }

  @AfterEach
  void stop() {
    pair.close();
    host.close();
  }

  private String hosted() {
    return host.serve("/hosted", host.document("/hosted").build());
  }

  private JsonObject signing(String path, SigningKey key) {
    return host.document(path)
        .put(
            "grant_types",
            List.of(
                "authorization_code",
                "refresh_token",
                GrantType.TOKEN_EXCHANGE.value(),
                GrantType.JWT_BEARER.value()))
        .put(
            "authorization_grant_profiles_supported",
            List.of("urn:ietf:params:oauth:grant-profile:id-jag"))
        .put("token_endpoint_auth_method", "private_key_jwt")
        .put("jwks", new PublicKeySet(List.of(key.publicKey())).toJson())
        .build();
  }

  private Desk desk(String id) {
    return new Desk(pair, id, id, Desk.CALLBACK);
  }

  private static Form named(Form request, String id) {
    var form = Form.builder().add("client_id", id);
    request.names().forEach(name -> form.add(name, request.one(name).orElseThrow()));
    return form.build();
  }

  private Answer redeemedCode(String id) {
    var desk = desk(id);
    var request = desk.codeRequest(desk.code("alice", "openid")).build();
    return Http.post(pair.brokerUrl("/token"), named(request, id), Map.of());
  }

  private static JsonObject metadata(Issuer issuer) {
    return Http.get(URI.create(issuer + "/.well-known/oauth-authorization-server"), Map.of())
        .json();
  }

  @Test
  @DisplayName("META-10: both servers say so, and only if they do")
  void the_metadata(@TempDir Path other) throws MalformedException {
    for (var issuer : new Issuer[] {pair.broker(), pair.ras()}) {
      assertThat(metadata(issuer).bool("client_id_metadata_document_supported")).hasValue(true);
    }
    try (var off = Pair.start(Setup.usual(other), other)) {
      for (var issuer : new Issuer[] {off.broker(), off.ras()}) {
        assertThat(metadata(issuer).bool("client_id_metadata_document_supported")).isEmpty();
      }
      var desk = new Desk(off, hosted(), "none", Desk.CALLBACK);
      var answer = desk.authorize(desk.authorization("openid").build());
      assertThat(answer.status()).isEqualTo(400);
      assertThat(host.asked("/hosted")).isZero();
    }
  }

  @Test
  void a_public_one_signs_somebody_in() {
    var id = hosted();
    var answer = redeemedCode(id);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(host.asked("/hosted")).as("one request for all of it").isEqualTo(1);
  }

  @Test
  @DisplayName("IDP-11: a public one may not exchange tokens, whatever its document lists")
  void a_public_one_exchanges_nothing() throws MalformedException {
    var document = signing("/open", Pair.strangersKey()).without("jwks");
    var open = JsonObject.builder().put("token_endpoint_auth_method", "none").build();
    var id = host.serve("/open", document.without("token_endpoint_auth_method").with(open));
    var desk = desk(id);
    var code = desk.codeRequest(desk.code("alice", "openid")).build();
    var idToken = Http.post(pair.brokerUrl("/token"), named(code, id), Map.of()).text("id_token");
    var exchange = desk.exchangeRequest(idToken, World.LINEAR).build();
    var answer = Http.post(pair.brokerUrl("/token"), named(exchange, id), Map.of());
    assertThat(answer.text("error")).isEqualTo("unauthorized_client");
    assertThat(pair.audit(answer.text("correlation_id"))).contains("\"requirement\":\"IDP-11\"");
  }

  @Test
  @DisplayName("REG-5: redirect URIs are those of the document")
  void no_other_redirect_uri() {
    var desk = new Desk(pair, hosted(), "none", "https://evil.example/callback");
    var answer = desk.authorize(desk.authorization("openid").build());
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Location")).isEmpty();
  }

  @Test
  @DisplayName("IDP-34, RAS-6: with its URL alone from sign-in to access token")
  void from_sign_in_to_access_token() throws MalformedException {
    var key = Pair.strangersKey();
    var id = host.serve("/agent", signing("/agent", key));
    var atBroker = new Signer(id, pair.broker(), key, pair.clock);
    var atRas = new Signer(id, pair.ras(), key, pair.clock);
    var desk = desk(id);
    var tokens =
        atBroker.post(
            pair.brokerUrl("/token"), desk.codeRequest(desk.code("alice", "openid")).build());
    var exchanged =
        atBroker.post(
            pair.brokerUrl("/token"),
            desk.exchangeRequest(tokens.text("id_token"), World.LINEAR).build());
    assertThat(exchanged.status()).as(exchanged.body()).isEqualTo(200);
    var idJag = exchanged.text("access_token");
    assertThat(UnverifiedJwt.parse(idJag).unverifiedClaims().all().string("client_id"))
        .hasValue(id);
    var access = atRas.post(pair.rasUrl("/token"), desk.redemption(idJag).build());
    assertThat(access.status()).as(access.body()).isEqualTo(200);
    assertThat(desk.introspect(access.text("access_token"), "linear-server").text("client_id"))
        .isEqualTo(id);
  }

  @Test
  @DisplayName("RAS-6: an ID-JAG for one URL is nothing to another")
  void not_with_another_ones_assertion() {
    var key = Pair.strangersKey();
    var id = host.serve("/agent", signing("/agent", key));
    var other = host.serve("/other", signing("/other", key));
    var desk = desk(id);
    var atBroker = new Signer(id, pair.broker(), key, pair.clock);
    var tokens =
        atBroker.post(
            pair.brokerUrl("/token"), desk.codeRequest(desk.code("alice", "openid")).build());
    var idJag =
        atBroker.post(
            pair.brokerUrl("/token"),
            desk.exchangeRequest(tokens.text("id_token"), World.LINEAR).build());
    var answer =
        new Signer(other, pair.ras(), key, pair.clock)
            .post(pair.rasUrl("/token"), desk.redemption(idJag.text("access_token")).build());
    assertThat(answer.text("error")).isEqualTo("invalid_grant");
  }

  @Test
  @DisplayName("REG-3: private_key_jwt is enforced: not the id alone, not another key")
  void no_weaker_proof() {
    var id = host.serve("/agent", signing("/agent", Pair.strangersKey()));
    var request = Form.builder().add("grant_type", "refresh_token").build();
    assertThat(Http.post(pair.brokerUrl("/token"), named(request, id), Map.of()).text("error"))
        .isEqualTo("invalid_client");
    var stranger = new Signer(id, pair.broker(), Pair.strangersKey(), pair.clock);
    assertThat(stranger.post(pair.brokerUrl("/token"), request).text("error"))
        .isEqualTo("invalid_client");
  }

  @Test
  @DisplayName("keys at a jwks_uri; a server of theirs that is out is 503 and no invalid_client")
  void keys_at_a_url() {
    var key = Pair.strangersKey();
    var document = signing("/agent", key).without("jwks");
    var id =
        host.serve(
            "/agent",
            document.with(JsonObject.builder().put("jwks_uri", host.url("/keys")).build()));
    host.answer("/keys", Reply.of(500, "{}"));
    var signer = new Signer(id, pair.broker(), key, pair.clock);
    var request = Form.builder().add("grant_type", "refresh_token").build();
    for (var path : List.of("/token", "/revoke", "/par")) {
      assertOutage(signer.post(pair.brokerUrl(path), request), "client-keys");
    }
    host.answer(
        "/keys", Reply.of(200, new PublicKeySet(List.of(key.publicKey())).toJson().toJson()));
    pair.clock.advance(Duration.ofMinutes(1));
    assertThat(signer.post(pair.brokerUrl("/token"), request).text("error"))
        .as("the client is known; its request is not good")
        .isEqualTo("invalid_request");
  }

  @Test
  @DisplayName("KEY-3: keys at a port that there is not are an outage with a record, and no fault")
  void keys_at_no_port() {
    var key = Pair.strangersKey();
    var nowhere = JsonObject.builder().put("jwks_uri", "https://localhost:70000/keys").build();
    var id = host.serve("/agent", signing("/agent", key).without("jwks").with(nowhere));
    var signer = new Signer(id, pair.broker(), key, pair.clock);
    var request = Form.builder().add("grant_type", "refresh_token").build();
    for (var path : List.of("/token", "/revoke", "/par")) {
      assertOutage(signer.post(pair.brokerUrl(path), request), "client-keys");
    }
  }

  /// It is nobody's fault that is counted, and no refusal.
  private void assertOutage(Answer answer, String missing) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text("error")).isEqualTo("temporarily_unavailable");
    assertThat(answer.header("Retry-After")).isPresent();
    assertThat(pair.audit(answer.text("correlation_id")))
        .contains("fault", "\"check\":\"" + missing + "\"")
        .doesNotContain("refused\"");
  }

  @Test
  @DisplayName("an outage is 503 at the token endpoint and a page for the person, never a refusal")
  void an_outage() {
    host.answer("/hosted", Reply.of(503, "{}"));
    var id = host.url("/hosted");
    var desk = desk(id);
    var page = desk.authorize(desk.authorization("openid").build());
    assertThat(page.status()).isEqualTo(503);
    assertThat(page.header("Location")).isEmpty();
    assertThat(page.body()).contains("try again");
    var request = Form.builder().add("grant_type", "refresh_token").build();
    assertOutage(Http.post(pair.brokerUrl("/token"), named(request, id), Map.of()), "client");
  }

  @Test
  @DisplayName("of a client that is known, an outage for a day changes nothing")
  void an_outage_of_a_known_one() {
    var id = hosted();
    assertThat(redeemedCode(id).status()).isEqualTo(200);
    host.answer("/hosted", Reply.of(500, "{}"));
    pair.clock.advance(DUE);
    assertThat(redeemedCode(id).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("REG-5: changed redirect URIs and keys are recorded, once for two nodes")
  void changes_are_recorded(@TempDir Path second) {
    var id = hosted();
    try (var two =
        Pair.start(
            pair.setup().beside(pair), second, Clientele.USUAL.readingDocumentsOf("localhost"))) {
      redeemedCode(id);
      var there = new Desk(two, id, "none", Desk.CALLBACK);
      there.code("alice", "openid");
      assertThat(changes("client.document.first")).hasSize(1);
      host.serve(
          "/hosted",
          host.document("/hosted")
              .put("redirect_uris", List.of(Desk.CALLBACK, "https://new.example/callback"))
              .build());
      pair.clock.advance(DUE);
      redeemedCode(id);
      new Desk(two, id, "none", Desk.CALLBACK).code("alice", "openid");
      assertThat(changes("client.document.changed"))
          .hasSize(1)
          .first()
          .asString()
          .contains("https://new.example/callback", "before");
    }
  }

  @Test
  @DisplayName("REG-5: other keys behind a jwks_uri are recorded, once for two nodes")
  void keys_at_a_url_change(@TempDir Path second) {
    var before = Pair.strangersKey();
    var after = Pair.strangersKey();
    var document = signing("/agent", before).without("jwks");
    var id =
        host.serve(
            "/agent",
            document.with(JsonObject.builder().put("jwks_uri", host.url("/keys")).build()));
    publish(before);
    try (var two =
        Pair.start(
            pair.setup().beside(pair), second, Clientele.USUAL.readingDocumentsOf("localhost"))) {
      assertIsKnown(pair, id, before);
      assertIsKnown(two, id, before);
      assertThat(changes("client.keys.first")).hasSize(1);
      publish(after);
      pair.clock.advance(Duration.ofMinutes(11));
      assertIsKnown(pair, id, after);
      assertIsKnown(two, id, after);
      assertThat(changes("client.keys.changed"))
          .hasSize(1)
          .first()
          .asString()
          .contains(
              host.url("/keys"),
              "before",
              before.publicKey().thumbprint(),
              after.publicKey().thumbprint());
    }
  }

  private void publish(SigningKey key) {
    host.answer(
        "/keys", Reply.of(200, new PublicKeySet(List.of(key.publicKey())).toJson().toJson()));
  }

  private void assertIsKnown(Pair at, String id, SigningKey key) {
    var request = Form.builder().add("grant_type", "refresh_token").build();
    var answer = new Signer(id, at.broker(), key, at.clock).post(at.brokerUrl("/token"), request);
    assertThat(answer.text("error"))
        .as("the client is known; its request is not good")
        .isEqualTo("invalid_request");
  }

  @Test
  @DisplayName("what a client said is kept for half a year after it was last fetched")
  void kept_while_it_is_fetched() {
    var id = hosted();
    redeemedCode(id);
    var first = forgottenAfter(id);
    pair.clock.advance(Duration.ofDays(100));
    redeemedCode(id);
    assertThat(forgottenAfter(id) - first).isEqualTo(Duration.ofDays(100).toMillis());
    assertThat(changes("client.document.first")).hasSize(1);
  }

  private long forgottenAfter(String id) {
    return pair.database.read(connection ->
        new Statements(connection)
            .first(
                "SELECT forget_after FROM client_document WHERE client = ? AND server = ?",
                rows -> rows.getLong(1),
                id,
                pair.broker().value())
            .orElseThrow());
  }

  private List<String> changes(String type) {
    return new AuditLog(pair.database)
        .query(AuditQuery.newest(200)).stream()
            .filter(record -> record.event().type().equals(type))
            .map(record -> record.event().evidence().toJson())
            .toList();
  }

  @Test
  @DisplayName("what the clients file says of a URL counts, and no document")
  void the_file_comes_first() {
    assertThat(metadata(pair.ras()).has("client_id_metadata_document_supported")).isTrue();
    var request = Form.builder().add("grant_type", "refresh_token").build();
    var answer =
        Http.post(pair.rasUrl("/token"), named(request, "https://hosted.example/client"), Map.of());
    assertThat(answer.text("error")).as(answer.body()).isEqualTo("unsupported_grant_type");
  }

  @Test
  @DisplayName("a client of a host that is not allowed is as unknown as any")
  void another_host() {
    var answer =
        Http.post(
            pair.brokerUrl("/token"),
            named(
                Form.builder().add("grant_type", "refresh_token").build(),
                "https://evil.example/client"),
            Map.of());
    assertThat(answer.text("error")).isEqualTo("invalid_client");
    assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("on an allowed host");
  }

  @Test
  @DisplayName("REG-5: of a host with single documents another one is as unknown as any")
  void another_document(@TempDir Path other) {
    var listed = hosted();
    var unlisted = host.serve("/unlisted", host.document("/unlisted").build());
    try (var few =
        Pair.start(Setup.usual(other), other, Clientele.USUAL.readingDocuments(listed))) {
      var request = Form.builder().add("grant_type", "refresh_token").build();
      var known = Http.post(few.brokerUrl("/token"), named(request, listed), Map.of());
      assertThat(known.text("error")).as("the client is known").isNotEqualTo("invalid_client");
      var refused = Http.post(few.brokerUrl("/token"), named(request, unlisted), Map.of());
      assertThat(refused.text("error")).isEqualTo("invalid_client");
      assertThat(host.asked("/unlisted")).as("it is not even fetched").isZero();
      assertThat(metadata(few.ras()).has("client_id_metadata_document_supported")).isTrue();
    }
  }
}
