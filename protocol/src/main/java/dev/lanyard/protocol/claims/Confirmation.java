package dev.lanyard.protocol.claims;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Optional;
import java.util.Set;

/// What the holder of a token must prove besides holding it: the `cnf` claim.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7800.html#section-3.1 RFC 7800 §3.1
public sealed interface Confirmation {
  /// Whoever holds the token may use it.
  record Bearer() implements Confirmation {}

  /// Only with a DPoP proof by the key of this thumbprint.
  ///
  /// @param thumbprint `jkt`: the SHA-256 thumbprint in base64url
  /// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-6.1 RFC 9449 §6.1
  record DpopKey(String thumbprint) implements Confirmation {
    /// @throws IllegalArgumentException if it is not the base64url of a SHA-256 hash
    public DpopKey {
      if (!isThumbprint(thumbprint)) {
        throw new IllegalArgumentException("not a JWK thumbprint");
      }
    }

    /// The value of `cnf`.
    public JsonObject toJson() {
      return JsonObject.builder().put("jkt", thumbprint).build();
    }
  }

  /// Bound to something that we cannot check: nobody can meet it here (RAS-36).
  ///
  /// @param members the members of `cnf`
  record Unmet(Set<String> members) implements Confirmation {}

  /// Reads `cnf`. Members that nobody knows are ignored beside `jkt`, as RFC 7800 §3.1 tells; a
  /// binding to a certificate is known, and cannot be met, so it is never ignored.
  ///
  /// @throws MalformedException if `cnf` is no object or `jkt` no SHA-256 thumbprint
  static Confirmation of(JsonObject claims) throws MalformedException {
    var cnf = claims.object("cnf");
    if (cnf.isEmpty()) {
      return new Bearer();
    }
    var thumbprint = cnf.get().string("jkt");
    if (thumbprint.isEmpty() || cnf.get().has("x5t#S256")) {
      return new Unmet(cnf.get().names());
    }
    if (!isThumbprint(thumbprint.get())) {
      throw new MalformedException("member 'jkt' is not a SHA-256 thumbprint");
    }
    return new DpopKey(thumbprint.get());
  }

  private static boolean isThumbprint(String value) {
    return value.matches("[A-Za-z0-9_-]{43}");
  }

  /// The thumbprint if the token is bound to a DPoP key.
  default Optional<String> keyThumbprint() {
    return this instanceof DpopKey(var thumbprint) ? Optional.of(thumbprint) : Optional.empty();
  }
}
