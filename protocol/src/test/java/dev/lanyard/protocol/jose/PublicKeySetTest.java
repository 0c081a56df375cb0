package dev.lanyard.protocol.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lanyard.protocol.jose.KeySource.Lookup;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 7517 §5 JWK Set")
class PublicKeySetTest {
  private static final SigningKey EC = TestKeys.of(SigningAlgorithm.ES256);
  private static final SigningKey RSA = TestKeys.of(SigningAlgorithm.RS256);

  private static PublicKeySet parse(JsonObject... keys) throws MalformedException {
    return PublicKeySet.parse(JsonObject.builder().put("keys", List.of(keys)).build());
  }

  private static JsonObject unusable() throws MalformedException {
    return JsonObject.parse("{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}");
  }

  @Test
  void is_published_as_it_is_read() throws Exception {
    var published = TestKeys.published(EC, RSA);

    assertThat(PublicKeySet.parse(published.toJson()).toJson()).isEqualTo(published.toJson());
  }

  @Test
  @DisplayName("implementations SHOULD ignore JWKs that are not supported")
  void leaves_out_what_it_cannot_use() throws Exception {
    var keys = parse(unusable(), EC.publicKey().toJwk());

    assertThat(keys.keys())
        .extracting(key -> key.keyId().orElseThrow())
        .containsExactly(EC.keyId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
  @DisplayName("a set that publishes a private key is refused whole (KEY-1)")
  void refuses_a_private_member(String member) throws Exception {
    var leaking = unusable().with(JsonObject.builder().put(member, "AA").build());

    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> parse(EC.publicKey().toJwk(), leaking))
        .withMessageContaining("private");
  }

  @Test
  void may_hold_64_keys_and_no_more() throws Exception {
    var keys = Collections.nCopies(64, unusable()).toArray(JsonObject[]::new);
    var more = Collections.nCopies(65, unusable()).toArray(JsonObject[]::new);

    assertThat(parse(keys).keys()).isEmpty();
    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> parse(more));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"keys\":{}}", "{\"keys\":[1]}", "{\"keys\":\"x\"}"})
  void refuses_what_is_no_set(String json) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> PublicKeySet.parse(JsonObject.parse(json)));
  }

  @Test
  void finds_by_name_and_algorithm() {
    var keys = TestKeys.published(EC, RSA);

    assertThat(keys.find(Optional.of(EC.keyId()), SigningAlgorithm.ES256))
        .isEqualTo(new Lookup.Found(List.of(EC.publicKey())));
    assertThat(keys.find(Optional.empty(), SigningAlgorithm.RS256))
        .isEqualTo(new Lookup.Found(List.of(RSA.publicKey())));
    assertThat(keys.find(Optional.of(EC.keyId()), SigningAlgorithm.RS256))
        .isEqualTo(new Lookup.None());
    assertThat(keys.find(Optional.of("other"), SigningAlgorithm.ES256))
        .isEqualTo(new Lookup.None());
  }

  @Test
  void one_key_only_answers_to_every_name() {
    var only = KeySource.only(EC.publicKey());

    assertThat(only.find(Optional.of("any"), SigningAlgorithm.ES256))
        .isEqualTo(new Lookup.Found(List.of(EC.publicKey())));
    assertThat(only.find(Optional.empty(), SigningAlgorithm.RS256)).isEqualTo(new Lookup.None());
  }
}
