package dev.lanyard.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.Cable;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.Subscribed;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("TOK-9: opaque access tokens, for a resource that asks for them")
class OpaqueTokenTest {
  private static final String INACTIVE = "{\"active\":false}";

  @TempDir Path folder;
  private Pair pair;
  private Desk desk;
  private Person alice;
  private Assertions assertions;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    alice = pair.person("alice", "engineering");
    desk = new Desk(pair);
    assertions = new Assertions(pair, "alice");
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private String assertion() {
    var claims = assertions.claims(World.LEDGER, "entries.read").put("sid", "session-7");
    return assertions.signed(claims.build());
  }

  private String token() {
    var answer = desk.redeem(assertion());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.text("access_token");
  }

  private Answer introspect(String token) {
    return desk.introspect(token, "ledger-server");
  }

  @Test
  void say_nothing_and_cannot_be_guessed() {
    var answer = desk.redeem(assertion());
    var token = answer.text("access_token");
    assertThat(Base64.getUrlDecoder().decode(token)).hasSizeGreaterThanOrEqualTo(16);
    assertThat(answer.text("token_type")).isEqualTo("Bearer");
    assertThat(answer.text("resource")).isEqualTo(World.LEDGER.value());
    assertThat(token()).isNotEqualTo(token);
  }

  @Test
  @DisplayName("TOK-9: the record holds a hash")
  void are_kept_hashed() {
    var token = token();
    var kept =
        pair.database.read(connection -> {
          try (var statement =
                  connection.prepareStatement("SELECT token_hash, claims FROM access_token");
              var rows = statement.executeQuery()) {
            rows.next();
            return rows.getString(1) + " " + rows.getString(2);
          }
        });
    assertThat(kept).doesNotContain(token).contains(alice.id().value());
  }

  @Test
  @DisplayName("TOK-8, TOK-11: introspection says of them what a JWT would say itself")
  void are_described_by_introspection() throws Exception {
    var described = introspect(token()).json();
    assertThat(described.bool("active")).contains(true);
    assertThat(described.names())
        .contains("sub", "client_id", "aud", "iss", "exp", "iat", "jti", "scope", "token_type")
        .contains("grant_id", "txn", "idp", "sid");
    assertThat(described.string("aud")).contains(World.LEDGER.value());
    assertThat(described.string("sub")).contains(alice.id().value());
  }

  @Test
  @DisplayName("TOK-11: and to nobody but the server that they are for")
  void are_nothing_to_others() {
    var token = token();
    assertThat(desk.introspect(token, "linear-server").body()).isEqualTo(INACTIVE);
    assertThat(introspect(token + "x").body()).isEqualTo(INACTIVE);
    assertThat(introspect(token.substring(1)).body()).isEqualTo(INACTIVE);
  }

  @Test
  void end_when_they_expire() {
    var token = token();
    pair.clock.advance(Duration.ofMinutes(46));
    assertThat(introspect(token).body()).isEqualTo(INACTIVE);
  }

  @Test
  @DisplayName("DPR-1: die with their person, session and grant as JWTs do")
  void die_like_every_other() {
    var token = token();
    assertThat(introspect(token).body()).contains("\"active\":true");
    pair.happened(alice, Happening.DISABLED);
    assertThat(introspect(token).body()).isEqualTo(INACTIVE);
    pair.happened(alice, Happening.ENABLED);
    assertThat(introspect(token).body()).as("and stay dead").isEqualTo(INACTIVE);
  }

  @Test
  @DisplayName("TOK-10: are given back like every other, by their client only")
  void are_given_back() {
    var token = token();
    var form = Form.builder().add("token", token).build();
    assertThat(Http.post(pair.rasUrl("/revoke"), form, Desk.basic("other-ras")).status())
        .isEqualTo(200);
    assertThat(introspect(token).body()).contains("\"active\":true");
    assertThat(Http.post(pair.rasUrl("/revoke"), form, Desk.basic("desk-ras")).status())
        .isEqualTo(200);
    assertThat(introspect(token).body()).isEqualTo(INACTIVE);
  }

  @Test
  @DisplayName("TOK-7: are bound to a key as JWTs are")
  void are_bound() throws Exception {
    var key = SigningKey.generate(SigningAlgorithm.ES256);
    var signer = new DpopSigner(key, pair.clock, new SecureRandom());
    var headers = new HashMap<>(Desk.basic("desk-ras"));
    headers.put("DPoP", signer.proof("POST", pair.rasUrl("/token"), Optional.empty()));
    var answer = Http.post(pair.rasUrl("/token"), desk.redemption(assertion()).build(), headers);
    var described = introspect(answer.text("access_token")).json();
    assertThat(described.string("token_type")).contains("DPoP");
    assertThat(described.object("cnf").orElseThrow().string("jkt")).isPresent();
  }

  @Test
  @DisplayName("RS-13: a server that follows the revocation stream asks once, and then nobody")
  void are_read_once_and_killed_by_the_stream() throws Exception {
    var token = token();
    try (var cable = new Cable(pair.port("ras"));
        var ledger = new Subscribed(pair, cable)) {
      assertThat(ledger.stream.awaitFresh(Duration.ofSeconds(20))).isTrue();
      assertThat(ledger.call(token)).isInstanceOf(Verdict.Admitted.class);
      assertThat(ledger.call(token + "x")).isInstanceOf(Verdict.Refused.class);

      cable.unplug();
      assertThat(ledger.call(token)).isInstanceOf(Verdict.Admitted.class);
      assertThat(ledger.call(token())).isInstanceOf(Verdict.Unavailable.class);
      pair.happened(alice, Happening.DISABLED);
      Soon.until(() -> ledger.call(token) instanceof Verdict.Refused);
    }
  }

  @Test
  @DisplayName("one token is not for two servers of which one could not read it")
  void are_not_mixed_with_others() {
    JsonObject.Builder claims =
        assertions
            .claims(World.LEDGER, "entries.read issues.read")
            .put("resource", List.of(World.LEDGER.value(), World.LINEAR.value()));
    var both = desk.redeem(assertions.signed(claims.build()));
    assertThat(both.text("error")).isEqualTo("invalid_target");
    claims.put("jti", "another");
    var one =
        desk.redeem(
            desk.redemption(assertions.signed(claims.build()))
                .add("resource", World.LEDGER.value())
                .build());
    assertThat(one.status()).as(one.body()).isEqualTo(200);
  }
}
