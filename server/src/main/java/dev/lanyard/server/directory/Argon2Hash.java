package dev.lanyard.server.directory;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// The Argon2id hash of a password, with its salt and cost. Immutable.
///
/// Computed by Bouncy Castle, which the server carries anyway; the other library looked at wraps
/// the same generator. A hash is verified at the cost that it names, whatever new ones cost.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9106.html#section-3 RFC 9106 §3
final class Argon2Hash {
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");
  private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

  private final PasswordCost cost;
  private final byte[] salt;
  private final byte[] hash;

  private Argon2Hash(PasswordCost cost, byte[] salt, byte[] hash) {
    this.cost = cost;
    this.salt = salt;
    this.hash = hash;
  }

  static Argon2Hash of(Secret password, PasswordCost cost, SecureRandom random) {
    var salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new Argon2Hash(cost, salt, compute(cost, salt, password, HASH_BYTES));
  }

  /// A hash of this cost that no password is known to have.
  static Argon2Hash unknown(PasswordCost cost) {
    return new Argon2Hash(cost, new byte[SALT_BYTES], new byte[HASH_BYTES]);
  }

  /// Reads the PHC string form, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
  ///
  /// @throws MalformedException if it is another form or costs more than we are ready to spend
  static Argon2Hash parse(String phc) throws MalformedException {
    var match = FORM.matcher(phc);
    if (!match.matches()) {
      throw new MalformedException("not an Argon2id hash in PHC form");
    }
    return new Argon2Hash(cost(match), decode(match.group(4)), decode(match.group(5)));
  }

  private static PasswordCost cost(MatchResult phc) throws MalformedException {
    try {
      return new PasswordCost(
          Integer.parseInt(phc.group(1)),
          Integer.parseInt(phc.group(2)),
          Integer.parseInt(phc.group(3)));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("an Argon2id hash of a cost that we do not take");
    }
  }

  private static byte[] decode(String base64) throws MalformedException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // The JDK's decoder has no other way to say it.
      throw new MalformedException("not an Argon2id hash in PHC form");
    }
  }

  boolean isOf(Secret password) {
    return MessageDigest.isEqual(hash, compute(cost, salt, password, hash.length));
  }

  /// The same characters may be typed in several forms of Unicode.
  private static byte[] compute(PasswordCost cost, byte[] salt, Secret password, int length) {
    var typed = Normalizer.normalize(password.reveal(), Normalizer.Form.NFC);
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memoryKib())
            .withIterations(cost.passes())
            .withParallelism(cost.lanes())
            .withSalt(salt)
            .build());
    var out = new byte[length];
    generator.generateBytes(typed.getBytes(StandardCharsets.UTF_8), out);
    return out;
  }

  /// The PHC string form.
  String phc() {
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            cost.memoryKib(),
            cost.passes(),
            cost.lanes(),
            ENCODER.encodeToString(salt),
            ENCODER.encodeToString(hash));
  }

  @Override
  public String toString() {
    return "Argon2Hash[hidden]";
  }
}
