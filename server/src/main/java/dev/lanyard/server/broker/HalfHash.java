package dev.lanyard.server.broker;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/// `at_hash`: the left half of the hash of an access token, by which a client sees that it belongs
/// to the ID Token.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken OpenID Connect Core
///   §3.1.3.6
final class HalfHash {
  private HalfHash() {}

  /// @param algorithm what the ID Token is signed with
  static String of(Secret token, SigningAlgorithm algorithm) {
    try {
      var bytes = token.reveal().getBytes(StandardCharsets.US_ASCII);
      var hash = MessageDigest.getInstance(digest(algorithm)).digest(bytes);
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(hash, hash.length / 2));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-2", e);
    }
  }

  private static String digest(SigningAlgorithm algorithm) {
    return switch (algorithm) {
      case ES256, RS256, PS256 -> "SHA-256";
      case ES384 -> "SHA-384";
      // Ed25519 hashes with SHA-512 itself.
      case EDDSA -> "SHA-512";
    };
  }
}
