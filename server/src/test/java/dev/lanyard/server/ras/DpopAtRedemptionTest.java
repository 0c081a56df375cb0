package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("RAS-30 to RAS-36, ID-JAG draft-04 §9.8: every combination of key and proof")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DpopAtRedemptionTest {
  private Pair pair;
  private DpopSigner client;
  private Assertions assertions;

  @BeforeAll
  void start(@TempDir Path folder) {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
    assertions = new Assertions(pair, "alice");
    client = new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  /// To which key the ID-JAG is bound.
  enum Bound {
    TO_NONE,
    TO_THE_CLIENTS_KEY,
    TO_ANOTHER_KEY,
    /// RAS-36: to what nobody can prove here, alone and beside the client's key.
    TO_A_CERTIFICATE,
    TO_A_CERTIFICATE_AND_THE_CLIENTS_KEY,
    TO_SOMETHING_UNKNOWN,
    TO_NOTHING_IN_PARTICULAR
  }

  enum Proof {
    NONE,
    GOOD,
    FOR_ANOTHER_URL
  }

  record Case(Bound bound, Proof proof, String grantType, ResourceIndicator resource) {
    /// The error, or none if it is empty.
    String error() {
      if (proof == Proof.FOR_ANOTHER_URL
          || (proof == Proof.NONE && grantType.endsWith("jwt-dpop"))) {
        return "invalid_dpop_proof";
      }
      return switch (bound) {
        case TO_ANOTHER_KEY,
            TO_A_CERTIFICATE,
            TO_A_CERTIFICATE_AND_THE_CLIENTS_KEY,
            TO_SOMETHING_UNKNOWN,
            TO_NOTHING_IN_PARTICULAR ->
            "invalid_grant";
        case TO_THE_CLIENTS_KEY -> proof == Proof.GOOD ? "" : "invalid_grant";
        // The vault wants bound tokens.
        case TO_NONE -> proof == Proof.GOOD || !resource.equals(World.VAULT) ? "" : "invalid_grant";
      };
    }
  }

  static Stream<Case> cases() {
    var cases = Stream.<Case>builder();
    for (var bound : Bound.values()) {
      for (var proof : Proof.values()) {
        for (var grantType : new String[] {"jwt-bearer", "jwt-dpop"}) {
          for (var resource : new ResourceIndicator[] {World.LINEAR, World.VAULT}) {
            var name = "urn:ietf:params:oauth:grant-type:" + grantType;
            cases.add(new Case(bound, proof, name, resource));
          }
        }
      }
    }
    return cases.build();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void has_its_answer(Case one) throws MalformedException {
    var answer = redeemed(one);

    assertThat(answer.header("Cache-Control")).as("TOK-5").contains("no-store");
    if (!one.error().isEmpty()) {
      assertThat(answer.text("error")).as(answer.body()).isEqualTo(one.error());
      assertThat(answer.status()).isEqualTo(400);
      return;
    }
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    var key = one.proof() == Proof.GOOD ? Optional.of(client.thumbprint()) : Optional.empty();
    assertThat(answer.text("token_type")).isEqualTo(key.isPresent() ? "DPoP" : "Bearer");
    var claims = UnverifiedJwt.parse(answer.text("access_token")).unverifiedClaims().all();
    assertThat(thumbprint(claims)).as("TOK-7").isEqualTo(key);
    assertThat(answer.json().has("refresh_token")).as("RAS-16").isFalse();
    assertThat(answer.text("resource")).as("RAS-15").isEqualTo(one.resource().value());
    assertThat(answer.text("scope")).as("RAS-15").isNotEmpty();
    assertThat(answer.json().has("expires_in")).as("RAS-15").isTrue();
    if (one.resource().equals(World.LINEAR)) {
      var seen = new Desk(pair).introspect(answer.text("access_token"), "linear-server").json();
      assertThat(thumbprint(seen)).as("TOK-7").isEqualTo(key);
    }
  }

  @Test
  @DisplayName("FWD-1, RAS-36: a binding that nobody can prove here is told as such, not as stale")
  void says_what_it_cannot_prove() {
    for (var bound : List.of(Bound.TO_A_CERTIFICATE, Bound.TO_A_CERTIFICATE_AND_THE_CLIENTS_KEY)) {
      var answer =
          redeemed(new Case(bound, Proof.GOOD, GrantType.JWT_BEARER.value(), World.LINEAR));

      assertThat(answer.text("error")).isEqualTo("invalid_grant");
      assertThat(answer.text("error_description")).contains("only jkt (DPoP)");
      assertThat(pair.audit(answer.text("correlation_id"))).contains("x5t#S256", "RAS-36");
    }
  }

  private static Optional<String> thumbprint(JsonObject claims) throws MalformedException {
    var confirmation = claims.object("cnf");
    return confirmation.isPresent() ? confirmation.get().string("jkt") : Optional.empty();
  }

  private Answer redeemed(Case one) {
    var scope = one.resource().equals(World.VAULT) ? "secrets.read" : "issues.read";
    var claims = assertions.claims(one.resource(), scope);
    switch (one.bound()) {
      case TO_NONE -> {
        // As it is.
      }
      case TO_THE_CLIENTS_KEY -> bind(claims, client.thumbprint());
      case TO_ANOTHER_KEY -> bind(claims, Pair.strangersKey().publicKey().thumbprint());
      case TO_A_CERTIFICATE -> claims.put("cnf", certificate().build());
      case TO_A_CERTIFICATE_AND_THE_CLIENTS_KEY ->
          claims.put("cnf", certificate().put("jkt", client.thumbprint()).build());
      case TO_SOMETHING_UNKNOWN ->
          claims.put("cnf", JsonObject.builder().put("kid", "some-key").build());
      case TO_NOTHING_IN_PARTICULAR -> claims.put("cnf", JsonObject.EMPTY);
    }
    var headers = new HashMap<>(Desk.basic("desk-ras"));
    switch (one.proof()) {
      case NONE -> {
        // No header.
      }
      case GOOD ->
          headers.put("DPoP", client.proof("POST", pair.rasUrl("/token"), Optional.empty()));
      case FOR_ANOTHER_URL ->
          headers.put("DPoP", client.proof("POST", pair.brokerUrl("/token"), Optional.empty()));
    }
    var form =
        Form.builder()
            .add("grant_type", one.grantType())
            .add("assertion", assertions.signed(claims.build()))
            .build();
    return Http.post(pair.rasUrl("/token"), form, headers);
  }

  private JsonObject.Builder certificate() {
    return JsonObject.builder().put("x5t#S256", client.thumbprint());
  }

  private static void bind(JsonObject.Builder claims, String thumbprint) {
    claims.put("cnf", JsonObject.builder().put("jkt", thumbprint).build());
  }
}
