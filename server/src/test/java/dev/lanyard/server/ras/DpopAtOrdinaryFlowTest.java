package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RFC 9449: keys of clients in the ordinary flow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DpopAtOrdinaryFlowTest {
  private static final String SCOPE = "issues.read";

  private final AtomicInteger guests = new AtomicInteger();
  private Pair pair;
  private DpopSigner key;
  private DpopSigner otherKey;

  @BeforeAll
  void start(@TempDir Path folder) {
    pair = Pair.start(Setup.usual(folder).ordinary(), folder);
    key = new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());
    otherKey = new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  private Answer token(Form form, Map<String, String> client, Optional<DpopSigner> signer) {
    var headers = new HashMap<>(client);
    signer.ifPresent(
        one -> headers.put("DPoP", one.proof("POST", pair.rasUrl("/token"), Optional.empty())));
    return Http.post(pair.rasUrl("/token"), form, headers);
  }

  /// Of somebody who has not been here before.
  private Form codeRequest(Visit visit, Optional<DpopSigner> bound) {
    var guest = "guest-" + guests.incrementAndGet();
    var _ = pair.guest(guest);
    var request = visit.authorization(World.LINEAR, SCOPE);
    bound.ifPresent(one -> request.add("dpop_jkt", one.thumbprint()));
    return visit.codeRequest(visit.code(guest, request.build())).build();
  }

  private static void assertRefused(Answer answer) {
    assertThat(answer.text("error")).as(answer.body()).isEqualTo("invalid_grant");
    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  @DisplayName("DPOP-4, TOK-7: a code that is bound to a key gives a token that is bound to it")
  void a_bound_code() throws MalformedException {
    var form = codeRequest(Visit.studio(pair), Optional.of(key));
    var tokens = token(form, Desk.basic("studio"), Optional.of(key));
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    assertThat(tokens.text("token_type")).isEqualTo("DPoP");
    var claims = UnverifiedJwt.parse(tokens.text("access_token")).unverifiedClaims().all();
    assertThat(claims.object("cnf").orElseThrow().string("jkt")).contains(key.thumbprint());
  }

  @Test
  @DisplayName("DPOP-4: and nothing without the key, or with another")
  void only_with_its_key() {
    assertRefused(
        token(
            codeRequest(Visit.studio(pair), Optional.of(key)),
            Desk.basic("studio"),
            Optional.of(otherKey)));
    assertRefused(
        token(
            codeRequest(Visit.studio(pair), Optional.of(key)),
            Desk.basic("studio"),
            Optional.empty()));
  }

  @Test
  @DisplayName("DPOP-5: the refresh token of a public client is bound to its key")
  void a_bound_refresh_token() {
    var visit = Visit.pocket(pair);
    var first = token(named(codeRequest(visit, Optional.empty())), Map.of(), Optional.of(key));
    var refresh = named(Visit.refresh(first.text("refresh_token")).build());
    assertRefused(token(refresh, Map.of(), Optional.of(otherKey)));
    assertRefused(token(refresh, Map.of(), Optional.empty()));
    var second = token(refresh, Map.of(), Optional.of(key));
    assertThat(second.status()).as(second.body()).isEqualTo(200);
    assertThat(second.text("token_type")).isEqualTo("DPoP");
  }

  @Test
  @DisplayName("DPOP-5: a family that began without a key is bound to the first that is proved")
  void a_refresh_token_becomes_bound() {
    var visit = Visit.pocket(pair);
    var first = token(named(codeRequest(visit, Optional.empty())), Map.of(), Optional.empty());
    assertThat(first.text("token_type")).isEqualTo("Bearer");
    var refresh = named(Visit.refresh(first.text("refresh_token")).build());

    var second = token(refresh, Map.of(), Optional.of(key));
    assertThat(second.text("token_type")).as(second.body()).isEqualTo("DPoP");
    var bound = named(Visit.refresh(second.text("refresh_token")).build());
    assertRefused(token(bound, Map.of(), Optional.empty()));
    assertRefused(token(bound, Map.of(), Optional.of(otherKey)));
    assertThat(token(refresh, Map.of(), Optional.of(key)).status()).as("a copy").isEqualTo(200);
    assertThat(token(bound, Map.of(), Optional.of(key)).status()).isEqualTo(200);
  }

  private static Form named(Form form) {
    var named = Form.builder().add("client_id", "pocket");
    form.names().forEach(name -> form.all(name).forEach(value -> named.add(name, value)));
    return named.build();
  }
}
