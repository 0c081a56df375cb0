package dev.lanyard.protocol.dpop;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A proof that was judged to belong to one request. Only [DpopValidator] can make one. Immutable.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-4.2 RFC 9449 §4.2
public final class DpopProof {
  /// The `typ` header.
  public static final String TYPE = "dpop+jwt";

  static final List<String> REQUIRED_CLAIMS = List.of("jti", "htm", "htu", "iat");

  private final String thumbprint;
  private final String id;
  private final String method;
  private final URI url;
  private final Instant issuedAt;
  private final Optional<String> nonce;
  private final Optional<String> tokenHash;

  /// @param claims with all of [#REQUIRED_CLAIMS]
  /// @param thumbprint of the key that the proof carries and is signed by
  /// @throws MalformedException if a claim has another form than RFC 9449 gives it
  DpopProof(JwtClaims claims, String thumbprint) throws MalformedException {
    var all = claims.all();
    this.thumbprint = thumbprint;
    this.id = all.nonEmptyString("jti");
    this.method = all.nonEmptyString("htm");
    this.url = TargetUrl.parse(all.nonEmptyString("htu"));
    this.issuedAt = claims.issuedAt().orElseThrow();
    this.nonce = all.string("nonce");
    this.tokenHash = all.string("ath");
  }

  /// The value of `ath` for an access token.
  static String hashOf(Secret accessToken) {
    var hash = Sha256.of(accessToken.reveal().getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  /// The SHA-256 thumbprint of the key: what `cnf.jkt` of a bound token must equal.
  public String thumbprint() {
    return thumbprint;
  }

  /// `jti`.
  public String id() {
    return id;
  }

  /// `iat`.
  public Instant issuedAt() {
    return issuedAt;
  }

  String method() {
    return method;
  }

  URI url() {
    return url;
  }

  Optional<String> nonce() {
    return nonce;
  }

  Optional<String> tokenHash() {
    return tokenHash;
  }

  @Override
  public String toString() {
    return "DpopProof[" + thumbprint + "]";
  }
}
