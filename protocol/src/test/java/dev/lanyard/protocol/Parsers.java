package dev.lanyard.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.dpop.DpopRequest;
import dev.lanyard.protocol.dpop.DpopValidator;
import dev.lanyard.protocol.dpop.DpopVerdict;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SpoiltJwt;
import dev.lanyard.protocol.jose.TestKeys;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Scopes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// What must hold for any input of the parsers that strangers reach: it is refused as malformed, or
/// what was understood can be written and understood again as the same. Nothing else is ever
/// thrown.
enum Parsers {
  JSON("{\"a\":[1,-2.5e3,true,null,\"\\u00e9\\ud83d\\ude00\"],\"b\":{\"c\":\"d\"}}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var object = JsonObject.parse(input);

      assertThat(JsonObject.parse(object.toBytes())).isEqualTo(object);
      assertThat(JsonObject.parse(object.toPrettyJson())).isEqualTo(object);
    }
  },
  FORM("grant_type=a%3Ab&scope=a+b&resource=https%3A%2F%2Fh&resource=x&empty=&flag") {
    @Override
    void take(byte[] input) throws MalformedException {
      var form = Form.parse(input, Set.of("resource"));

      assertThat(Form.parse(form.encode(), Set.of("resource")).encode()).isEqualTo(form.encode());
    }
  },
  SCOPES("issues.read issues.write https://h/x") {
    @Override
    void take(byte[] input) throws MalformedException {
      var scopes = Scopes.parse(text(input));

      assertThat(Scopes.parse(scopes.toString())).isEqualTo(scopes);
    }
  },
  JWT(Seeds.JWT) {
    @Override
    void take(byte[] input) throws MalformedException {
      var jwt = UnverifiedJwt.parse(text(input));

      assertThat(jwt.unverifiedAlgorithm()).isNotNull();
      assertThat(jwt.unverifiedClaims().all().toJson()).startsWith("{");
    }
  },
  KEY_SET(Seeds.KEY_SET) {
    @Override
    void take(byte[] input) throws MalformedException {
      var keys = PublicKeySet.parse(JsonObject.parse(input));

      for (var key : keys.keys()) {
        assertThat(key.thumbprint()).hasSize(43);
        assertThat(key.algorithms()).isNotEmpty();
        assertThat(key.toJwk().names()).doesNotContain("d", "p", "q", "k");
      }
      assertThat(PublicKeySet.parse(keys.toJson()).toJson()).isEqualTo(keys.toJson());
    }
  },
  DPOP_PROOF(Seeds.DPOP_PROOF) {
    @Override
    void take(byte[] input) throws MalformedException {
      var validator =
          new DpopValidator(
              Set.of(SigningAlgorithm.values()),
              DpopValidator.Window.DEFAULT,
              (thumbprint, url, id, forgetAfter) -> true,
              InstantSource.fixed(Seeds.NOW));
      var verdict = validator.judge(List.of(text(input)), DpopRequest.of("POST", Seeds.ENDPOINT));

      if (verdict instanceof DpopVerdict.Rejected(var reason)) {
        assertThat(reason.evidence().check()).isNotBlank();
      }
    }
  };

  private final String seed;

  Parsers(String seed) {
    this.seed = seed;
  }

  /// A good input to begin with.
  byte[] seed() {
    return seed.getBytes(StandardCharsets.UTF_8);
  }

  /// Parses, and checks what must hold.
  abstract void take(byte[] input) throws MalformedException;

  /// Parses, and checks what must hold; that it is malformed is fine.
  void takeOrRefuse(byte[] input) {
    try {
      take(input);
    } catch (MalformedException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static String text(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }

  private static final class Seeds {
    static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
    static final URI ENDPOINT = URI.create("https://h/token");

    static final String JWT =
        SpoiltJwt.of(
            "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"k\"}",
            "{\"iss\":\"https://h\",\"aud\":[\"a\"],\"exp\":1,\"iat\":1.5}",
            TestKeys.of(SigningAlgorithm.ES256));

    static final String KEY_SET =
        TestKeys.published(
                TestKeys.of(SigningAlgorithm.ES256),
                TestKeys.of(SigningAlgorithm.RS256),
                TestKeys.of(SigningAlgorithm.EDDSA))
            .toJson()
            .toJson();

    static final String DPOP_PROOF =
        SpoiltJwt.of(
            "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\",\"jwk\":"
                + TestKeys.of(SigningAlgorithm.ES256).publicKey().toJwk().toJson()
                + "}",
            "{\"jti\":\"j\",\"htm\":\"POST\",\"htu\":\"https://h/token\",\"iat\":"
                + NOW.getEpochSecond()
                + "}",
            TestKeys.of(SigningAlgorithm.ES256));
  }
}
