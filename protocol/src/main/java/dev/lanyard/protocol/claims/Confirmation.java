package dev.lanyard.protocol.claims;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/// What the holder of a token must prove besides holding it: the `cnf` claim.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7800.html#section-3.1 RFC 7800 §3.1
public sealed interface Confirmation {
  /// The member of `cnf` that names a certificate.
  String CERTIFICATE = "x5t#S256";

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

  /// Only on a TLS connection of whoever has the key of this certificate.
  ///
  /// @param thumbprint `x5t#S256`: the SHA-256 hash of the certificate in base64url
  /// @spec https://www.rfc-editor.org/rfc/rfc8705.html#section-3.1 RFC 8705 §3.1
  record Certificate(String thumbprint) implements Confirmation {
    /// @throws IllegalArgumentException if it is not the base64url of a SHA-256 hash
    public Certificate {
      if (!isThumbprint(thumbprint)) {
        throw new IllegalArgumentException("not a certificate thumbprint");
      }
    }

    /// The binding to a certificate.
    ///
    /// @throws IllegalArgumentException if the certificate cannot be encoded
    public static Certificate of(X509Certificate certificate) {
      try {
        var hash = Sha256.of(certificate.getEncoded());
        return new Certificate(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
      } catch (CertificateEncodingException e) {
        throw new IllegalArgumentException("not a certificate", e);
      }
    }
  }

  /// Bound to something that we cannot check: nobody can meet it here (RAS-36).
  ///
  /// @param members the members of `cnf`
  record Unmet(Set<String> members) implements Confirmation {}

  /// Reads `cnf`. Members that nobody knows are ignored beside `jkt`, as RFC 7800 §3.1 tells; a
  /// binding to a certificate is known, so it is never ignored: nobody can meet both (FWD-1).
  ///
  /// @throws MalformedException if `cnf` is no object, `jkt` no SHA-256 thumbprint, or `x5t#S256`
  ///   alone no text
  static Confirmation of(JsonObject claims) throws MalformedException {
    var cnf = claims.object("cnf");
    if (cnf.isEmpty()) {
      return new Bearer();
    }
    var thumbprint = cnf.get().string("jkt");
    if (thumbprint.isEmpty()) {
      return cnf.get()
          .string(CERTIFICATE)
          .filter(Confirmation::isThumbprint)
          .<Confirmation>map(Certificate::new)
          .orElseGet(() -> new Unmet(cnf.get().names()));
    }
    if (cnf.get().has(CERTIFICATE)) {
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
