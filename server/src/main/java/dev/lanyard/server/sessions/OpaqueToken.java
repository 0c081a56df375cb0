package dev.lanyard.server.sessions;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.oauth.Secret;
import java.security.SecureRandom;
import java.util.Base64;

/// Random values that mean something only to the server that made them: cookies, codes, refresh
/// tokens, identifiers.
public final class OpaqueToken {
  private static final int LONGEST = 128;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private OpaqueToken() {}

  /// A new secret of 256 bits (TOK-9).
  public static Secret secret() {
    return new Secret(random(32));
  }

  /// A new identifier of nearly 128 bits, which may be seen, and typed at a command line: there a
  /// dash at the beginning means an option.
  public static String identifier() {
    var identifier = random(16);
    while (identifier.startsWith("-")) {
      identifier = random(16);
    }
    return identifier;
  }

  /// Where the randomness comes from.
  public static SecureRandom random() {
    return RANDOM;
  }

  private static String random(int bytes) {
    var value = new byte[bytes];
    RANDOM.nextBytes(value);
    return BASE64URL.encodeToString(value);
  }

  /// Whether somebody may have got a secret here: longer ones are not made, also with a word in
  /// front that says what they are for. The others need not be hashed and looked up.
  public static boolean isPossible(Secret presented) {
    return presented.reveal().length() <= LONGEST;
  }

  /// What is kept instead of a secret: its SHA-256, in base64url. No salt is needed, because what
  /// is hashed here is random and long.
  public static String hash(Secret secret) {
    return BASE64URL.encodeToString(Sha256.of(secret.reveal()));
  }
}
