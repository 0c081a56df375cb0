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
    this(key.encodedHeader(type, JwtSigner::encodedHeader), key);
  }

  private JwtSigner(String encodedHeader, SigningKey key) {
    this.encodedHeader = encodedHeader;
    this.key = key;
  }

  private static String encodedHeader(SigningKey key, String type) {
    return encoded(header(key, type).build());
  }

  private static JsonObject.Builder header(SigningKey key, String type) {
    return JsonObject.builder()
        .put("alg", key.algorithm().value())
        .put("kid", key.keyId())
        .put("typ", type);
  }

  private static String encoded(JsonObject header) {
    return BASE64URL.encodeToString(header.toBytes());
  }

  /// A signer that carries its own public key in the header instead of trust: for DPoP proofs only.
  public static JwtSigner withSelfAssertedKey(SigningKey key, String type) {
    var header = header(key, type).put("jwk", key.publicKey().toJwk()).build();
    return new JwtSigner(encoded(header), key);
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
