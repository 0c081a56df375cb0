package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/// Proof Key for Code Exchange with `S256`, the only method there is here (AC-2).
///
/// @spec https://www.rfc-editor.org/rfc/rfc7636.html#section-4 RFC 7636 §4
public final class Pkce {
  private Pkce() {}

  /// What a client sends with the authorization request.
  ///
  /// @param value the base64url of a SHA-256 hash: 43 characters
  public record Challenge(String value) {
    /// Reads `code_challenge`.
    ///
    /// @throws MalformedException if it cannot be an S256 challenge
    public static Challenge parse(String value) throws MalformedException {
      if (!value.matches("[A-Za-z0-9_-]{43}")) {
        throw new MalformedException("code_challenge is not an S256 challenge");
      }
      return new Challenge(value);
    }

    /// Whether this verifier is the one that the challenge was made from.
    public boolean isMetBy(Verifier verifier) {
      return MessageDigest.isEqual(
          value.getBytes(StandardCharsets.US_ASCII),
          verifier.challenge().value.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /// What a client keeps, and sends with the code.
  ///
  /// @param secret 43 to 128 unreserved characters
  public record Verifier(Secret secret) {
    /// A new one of 256 random bits.
    public static Verifier random(SecureRandom random) {
      var bytes = new byte[32];
      random.nextBytes(bytes);
      return new Verifier(new Secret(base64url(bytes)));
    }

    /// Reads `code_verifier`.
    ///
    /// @throws MalformedException if its length or a character is wrong
    public static Verifier parse(String value) throws MalformedException {
      if (!value.matches("[A-Za-z0-9._~-]{43,128}")) {
        throw new MalformedException("code_verifier needs 43 to 128 unreserved characters");
      }
      return new Verifier(new Secret(value));
    }

    public Challenge challenge() {
      var hash = Sha256.of(secret.reveal().getBytes(StandardCharsets.US_ASCII));
      return new Challenge(base64url(hash));
    }
  }

  private static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
