package dev.lanyard.server.ras.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("KEY-3, SEC-6: an issuer that is enrolled, and what it publishes goes bad")
class EnrolledIssuerFaultsTest {
  @TempDir Path folder;

  private Pair pair;
  private Provider issuer;

  @BeforeEach
  void start() {
    var usual = Setup.usual(folder);
    issuer = Provider.start(usual.clock());
    pair = Pair.start(usual.serving(issuer.issuer()), folder);
    var _ = pair.personOf(World.NEIGHBOUR, "carl", "carl@" + World.NEIGHBOURS_DOMAIN);
  }

  @AfterEach
  void stop() {
    pair.close();
    issuer.close();
  }

  /// An ID-JAG of the issuer's; a test changes one thing of it.
  private JsonObject.Builder claims() {
    long now = pair.clock.instant().getEpochSecond();
    return JsonObject.builder()
        .put("iss", issuer.issuer().value())
        .put("sub", "carl-there")
        .put("email", "carl@" + World.NEIGHBOURS_DOMAIN)
        .put("aud", pair.ras().value())
        .put("client_id", "desk-ras")
        .put("jti", "jti-" + new SecureRandom().nextLong())
        .put("iat", now)
        .put("exp", now + 300)
        .put("resource", World.LINEAR.value())
        .put("scope", "issues.read");
  }

  private Answer redeemed() {
    var assertion = new JwtSigner(issuer.key(), IdJag.TYPE).sign(claims().build());
    return new Desk(pair).redeem(assertion);
  }

  private Answer redeemedByAnother() {
    var broker = new Assertions(pair, "ana");
    return new Desk(pair).redeem(broker.signed(broker.claims(World.LINEAR, "issues.read").build()));
  }

  private void assertUndecided(Answer answer, String inTheRecord) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(503);
    assertThat(pair.audit(answer.text("correlation_id"))).contains(inTheRecord);
  }

  /// After these its keys are fetched anew, and whatever of them was fetched serves no more.
  private void aDayLater() {
    pair.clock.advance(Duration.ofDays(1).plusMinutes(1));
  }

  @Test
  @DisplayName("keys that never come hold up whoever asks for them, and no other customer's people")
  void slow_keys() throws Exception {
    issuer.hangs("/jwks");
    var waiting = CompletableFuture.supplyAsync(this::redeemed, Thread::startVirtualThread);
    Soon.until(() -> issuer.calls("/jwks") > 0);

    assertThat(redeemedByAnother().status()).isEqualTo(200);

    issuer.close();
    assertUndecided(waiting.get(60, TimeUnit.SECONDS), "keys at " + issuer.issuer());
  }

  @Test
  @DisplayName("a key set that is huge, has too many keys, or is none proves nothing")
  void huge_keys() {
    assertThat(redeemed().status()).isEqualTo(200);
    for (var published :
        List.of("{\"keys\":[],\"x\":\"" + "x".repeat(3_000_000) + "\"}", tooMany(), "{")) {
      issuer.fails("/jwks", 200, published);
      aDayLater();
      assertUndecided(redeemed(), "keys at " + issuer.issuer());
      assertThat(redeemedByAnother().status()).isEqualTo(200);
    }
    issuer.recovers();
    pair.clock.advance(Duration.ofSeconds(6));
    assertThat(redeemed().status()).isEqualTo(200);
  }

  private String tooMany() {
    var key = issuer.key().publicKey().toJwk().toJson();
    return "{\"keys\":[" + String.join(",", Collections.nCopies(65, key)) + "]}";
  }

  @Test
  @DisplayName("metadata that leads inside the network, or is another issuer's, leads nowhere")
  void moved_inside() {
    assertThat(redeemed().status()).isEqualTo(200);
    var inside =
        JsonObject.builder()
            .put("issuer", issuer.issuer().value())
            .put("jwks_uri", "https://169.254.169.254/keys")
            .build();
    issuer.fails("/.well-known/openid-configuration", 200, inside.toJson());
    aDayLater();
    assertUndecided(redeemed(), "169.254.169.254");
    issuer.recovers();
    issuer.claimsToBe(pair.broker().value());
    aDayLater();
    assertUndecided(redeemed(), "metadata of " + issuer.issuer());
  }

  @Test
  @DisplayName("a new key counts once it is published, and the former one no more")
  void rotates() {
    assertThat(redeemed().status()).isEqualTo(200);
    var former = issuer.key();
    issuer.rotatesItsKey();
    pair.clock.advance(Duration.ofMinutes(2));
    assertThat(redeemed().status()).isEqualTo(200);
    var old = new JwtSigner(former, IdJag.TYPE).sign(claims().build());
    var answer = new Desk(pair).redeem(old);
    assertThat(answer.text("error")).isEqualTo("invalid_grant");
    assertThat(pair.audit(answer.text("correlation_id"))).contains("signature");
  }
}
