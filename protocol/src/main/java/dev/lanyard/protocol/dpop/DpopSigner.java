package dev.lanyard.protocol.dpop;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/// Makes the proofs of a client that holds a key: a fresh one for every request. Thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-4.2 RFC 9449 §4.2
public final class DpopSigner {
  private final JwtSigner signer;
  private final InstantSource clock;
  private final SecureRandom random;

  public DpopSigner(SigningKey key, InstantSource clock, SecureRandom random) {
    this.signer = JwtSigner.withSelfAssertedKey(key, DpopProof.TYPE);
    this.clock = clock;
    this.random = random;
  }

  /// The thumbprint by which servers bind tokens to this key.
  public String thumbprint() {
    return signer.key().publicKey().thumbprint();
  }

  /// The `DPoP` header for a request without access token, as to a token endpoint.
  ///
  /// @param nonce the latest `DPoP-Nonce` of that server, if it ever sent one
  public String proof(String method, URI url, Optional<String> nonce) {
    return signer.sign(claims(method, url, nonce).build());
  }

  /// The `DPoP` header for a request that carries an access token.
  ///
  /// @param nonce the latest `DPoP-Nonce` of that server, if it ever sent one
  public String proof(String method, URI url, Optional<String> nonce, Secret accessToken) {
    return signer.sign(
        claims(method, url, nonce).put("ath", DpopProof.hashOf(accessToken)).build());
  }

  private JsonObject.Builder claims(String method, URI url, Optional<String> nonce) {
    var id = new byte[16];
    random.nextBytes(id);
    return JsonObject.builder()
        .put("jti", Base64.getUrlEncoder().withoutPadding().encodeToString(id))
        .put("htm", method)
        .put("htu", TargetUrl.normalised(url).toString())
        .put("iat", clock.instant().getEpochSecond())
        .putIfPresent("nonce", nonce);
  }
}
