package dev.lanyard.suite;

import dev.lanyard.protocol.json.JsonObject;
import java.net.URI;
import java.time.InstantSource;
import java.util.UUID;

/// Proofs of possession for one URL, good by default; a check spoils one thing.
///
/// @param target the URL that a good proof names
/// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-4.2 RFC 9449 §4.2
public record DpopProofs(Jws key, URI target, InstantSource clock) {
  private static final String TYPE = "dpop+jwt";

  /// A new key for this URL.
  public static DpopProofs random(URI target, InstantSource clock) {
    return new DpopProofs(Jws.generate(Jws.Algorithm.ES256, "dpop"), target, clock);
  }

  /// A good proof, with these claims put over its own.
  public String with(JsonObject claims) {
    return key.signed(header(), claims().with(claims));
  }

  /// A good proof.
  public String good() {
    return with(JsonObject.EMPTY);
  }

  /// A proof that another key has signed than the one it carries.
  public String bySomebodyElse() {
    return Jws.generate(Jws.Algorithm.ES256, "other").signed(header(), claims());
  }

  private JsonObject claims() {
    return JsonObject.builder()
        .put("jti", UUID.randomUUID().toString())
        .put("htm", "POST")
        .put("htu", target.toString())
        .put("iat", clock.instant().getEpochSecond())
        .build();
  }

  private JsonObject header() {
    var jwk = key.publicJwk();
    return JsonObject.builder()
        .put("typ", TYPE)
        .put("alg", key.algorithm().name())
        .put("jwk", jwk.without("kid").without("use").without("alg"))
        .build();
  }
}
