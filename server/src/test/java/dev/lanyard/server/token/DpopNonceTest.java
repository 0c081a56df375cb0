package dev.lanyard.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("DPOP-2, RFC 9449 §8: nonces of the authorization servers")
class DpopNonceTest {
  @TempDir Path folder;

  private static DpopSigner key(Pair pair) {
    return new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());
  }

  private static Answer posted(
      URI url, Form form, String client, DpopSigner key, Optional<String> nonce) {
    return posted(url, url, form, client, key, nonce);
  }

  /// @param node where it is sent
  /// @param url where the server says that it is
  private static Answer posted(
      URI node, URI url, Form form, String client, DpopSigner key, Optional<String> nonce) {
    var headers = new HashMap<>(Desk.basic(client));
    headers.put("DPoP", key.proof("POST", url, nonce));
    return Http.post(node, form, headers);
  }

  private static String nonce(Answer answer) {
    return answer.header("DPoP-Nonce").orElseThrow();
  }

  private static void assertDemanded(Answer answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("error")).isEqualTo("use_dpop_nonce");
    assertThat(answer.header("Cache-Control")).contains("no-store");
  }

  @Test
  @DisplayName("at both token endpoints: demanded, taken by every node, refreshed, and soon stale")
  void a_proof_must_have_a_fresh_one() {
    var setup = Setup.on(TestDatabases.postgres(), folder).demandingNonces();
    try (var one = Pair.start(setup, folder);
        var two = Pair.start(setup.beside(one), folder)) {
      one.person("alice", "engineering");
      var key = key(one);
      var desk = new Desk(one);
      var idToken = desk.idToken("alice");
      var exchange = desk.exchangeRequest(idToken, World.LINEAR).build();
      var demanded = posted(one.brokerUrl("/token"), exchange, "desk", key, Optional.empty());
      assertDemanded(demanded);
      var good = Optional.of(nonce(demanded));
      var idJag = posted(one.brokerUrl("/token"), exchange, "desk", key, good);
      assertThat(idJag.status()).as(idJag.body()).isEqualTo(200);
      assertThat(idJag.header("DPoP-Nonce")).as("on success, too").isEqualTo(good);

      // An ID-JAG is for one use, and a demand uses nothing up.
      var redemption = desk.redemption(idJag.text("access_token")).build();
      var first = posted(one.rasUrl("/token"), redemption, "desk-ras", key, Optional.of("made-up"));
      assertDemanded(first);
      var token =
          posted(
              two.rasUrl("/token"),
              one.rasUrl("/token"),
              redemption,
              "desk-ras",
              key,
              Optional.of(nonce(first)));
      assertThat(token.status()).as(token.body()).isEqualTo(200);
      assertThat(token.text("token_type")).isEqualTo("DPoP");

      setup.clock().advance(Duration.ofMinutes(2));
      var later = posted(one.brokerUrl("/token"), exchange, "desk", key, good);
      assertThat(later.status()).as("a client learns of the next one in time").isEqualTo(200);
      assertThat(later.header("DPoP-Nonce")).isPresent().isNotEqualTo(good);
      setup.clock().advance(Duration.ofMinutes(2));
      assertDemanded(posted(one.brokerUrl("/token"), exchange, "desk", key, good));
      var ahead = posted(one.brokerUrl("/token"), exchange, "desk", key, Optional.of(nonce(later)));
      assertThat(ahead.status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("whoever sends no proof needs none, and a demand is no refusal in the record")
  void nobody_else_is_asked() {
    try (var pair = Pair.start(Setup.usual(folder).demandingNonces(), folder)) {
      pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var idToken = desk.idToken("alice");
      var bearer = desk.exchange(idToken, World.LINEAR);
      assertThat(bearer.status()).isEqualTo(200);
      assertThat(bearer.header("DPoP-Nonce")).isEmpty();
      var exchange = desk.exchangeRequest(idToken, World.LINEAR).build();
      var demanded =
          posted(pair.brokerUrl("/token"), exchange, "desk", key(pair), Optional.empty());
      assertThat(pair.audit(demanded.text("correlation_id"))).isEmpty();
      var without = Http.post(pair.brokerUrl("/token"), exchange, Desk.basic("bound"));
      assertThat(without.text("error")).isEqualTo("invalid_dpop_proof");
    }
  }

  @Test
  @DisplayName("at the endpoint for pushed requests")
  void a_pushed_request_needs_one_too() {
    try (var pair = Pair.start(Setup.usual(folder).demandingNonces(), folder)) {
      var request = new Desk(pair).authorization("openid").build();
      var url = pair.brokerUrl("/par");
      var key = key(pair);
      var demanded = posted(url, request, "desk", key, Optional.empty());
      assertDemanded(demanded);
      var pushed = posted(url, request, "desk", key, Optional.of(nonce(demanded)));
      assertThat(pushed.status()).as(pushed.body()).isEqualTo(201);
      assertThat(pushed.header("DPoP-Nonce")).isPresent();
      assertThat(Http.post(url, request, Desk.basic("desk")).status()).isEqualTo(201);
    }
  }

  @Test
  @DisplayName("off unless it is configured")
  void none_is_demanded_by_default() {
    try (var pair = Pair.start(Setup.usual(folder), folder)) {
      pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var exchange = desk.exchangeRequest(desk.idToken("alice"), World.LINEAR).build();
      var answer =
          posted(pair.brokerUrl("/token"), exchange, "desk", key(pair), Optional.of("whatever"));
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.header("DPoP-Nonce")).isEmpty();
    }
  }
}
