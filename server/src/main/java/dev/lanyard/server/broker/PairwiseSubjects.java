package dev.lanyard.server.broker;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.directory.PersonId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// The names by which people are known in one sector and nowhere else: the same for ever, and
/// nothing that two sectors could compare, or anybody undo, without the salt. Thread-safe.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg OpenID Connect Core §8.1
final class PairwiseSubjects {
  private static final String HMAC = "HmacSHA256";
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private final SecretKey salt;

  /// @param salt of this installation; with another one everybody would be somebody new
  PairwiseSubjects(Secret salt) {
    this.salt = new SecretKeySpec(salt.reveal().getBytes(StandardCharsets.UTF_8), HMAC);
  }

  String of(String sector, PersonId person) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(salt);
      // No id has a line break, so no two pairs read alike.
      var input = person.value() + "\n" + sector;
      return BASE64URL.encodeToString(mac.doFinal(input.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + HMAC, e);
    }
  }
}
