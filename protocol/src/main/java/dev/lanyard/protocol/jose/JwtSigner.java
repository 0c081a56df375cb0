package dev.lanyard.protocol.jose;

import dev.lanyard.protocol.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Signs JWTs of one type with one key. Thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7515.html#section-5.1 RFC 7515 §5.1
public final class JwtSigner {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private final SigningKey key;
  private final String encodedHeader;

  /// @param type the `typ` header, e.g. `at+jwt`: every kind of token names itself (RFC 8725 §3.11)
  public JwtSigner(SigningKey key, String type) {
    this(key, type, JsonObject.EMPTY);
  }

  private JwtSigner(SigningKey key, String type, JsonObject more) {
    this.key = key;
    var header =
        JsonObject.builder()
            .put("alg", key.algorithm().value())
            .put("kid", key.keyId())
            .put("typ", type)
            .build()
            .with(more);
    this.encodedHeader = BASE64URL.encodeToString(header.toBytes());
  }

  /// A signer that carries its own public key in the header instead of trust: for DPoP proofs only.
  public static JwtSigner withSelfAssertedKey(SigningKey key, String type) {
    return new JwtSigner(
        key, type, JsonObject.builder().put("jwk", key.publicKey().toJwk()).build());
  }

  /// The key that signs.
  public SigningKey key() {
    return key;
  }

  /// The compact JWT over these claims. A credential: never log it.
  ///
  /// @throws IllegalStateException if the crypto provider fails
  public String sign(JsonObject claims) {
    var input = encodedHeader + "." + BASE64URL.encodeToString(claims.toBytes());
    return input + "." + key.sign(input.getBytes(StandardCharsets.US_ASCII));
  }
}
