package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/// A private key under a passphrase, as text: the public key in the clear, then the private one as
/// PKCS#8 that PBES2 encrypts, which other tools can read too.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8018.html#section-6.2 RFC 8018 §6.2
final class EncryptedKey {
  private static final String ALGORITHM = "PBEWithHmacSHA256AndAES_256";

  /// As OWASP has it for PBKDF2 with HMAC-SHA-256.
  private static final int ITERATIONS = 600_000;

  /// A file that demands more was not made here, and would keep the command busy for ever.
  private static final int MOST_ITERATIONS = 10_000_000;

  private static final int P256_BYTES = 32;
  private static final String PUBLIC = "Public-Key: ";
  private static final Pattern TEXT =
      Pattern.compile(
          PUBLIC
              + "(\\{[^\n]*})\\s*-----BEGIN ENCRYPTED PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)"
              + "-----END ENCRYPTED PRIVATE KEY-----\\s*");

  private EncryptedKey() {}

  /// Whether a key file has a passphrase.
  static boolean isOne(String text) {
    return text.contains("BEGIN ENCRYPTED PRIVATE KEY");
  }

  static String encrypt(SigningKey key, Secret passphrase) {
    try {
      var jwk = JsonObject.parse(key.toPrivateJwk().reveal());
      var number = new BigInteger(1, Base64.getUrlDecoder().decode(jwk.nonEmptyString("d")));
      var pkcs8 =
          KeyFactory.getInstance("EC")
              .generatePrivate(new ECPrivateKeySpec(number, p256()))
              .getEncoded();
      var random = new SecureRandom();
      var parameters =
          new PBEParameterSpec(
              bytes(random, 16), ITERATIONS, new IvParameterSpec(bytes(random, 16)));
      var cipher = Cipher.getInstance(ALGORITHM);
      cipher.init(Cipher.ENCRYPT_MODE, secret(passphrase), parameters);
      // Only under their general name can the JDK write them beside what they encrypt.
      var written = AlgorithmParameters.getInstance("PBES2");
      written.init(cipher.getParameters().getEncoded());
      var info = new EncryptedPrivateKeyInfo(written, cipher.doFinal(pkcs8));
      return PUBLIC
          + key.publicKey().toJwk().toJson()
          + "\n-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(info.getEncoded())
          + "\n-----END ENCRYPTED PRIVATE KEY-----\n";
    } catch (GeneralSecurityException | IOException | MalformedException e) {
      throw new IllegalStateException("a key that was just made cannot be encrypted", e);
    }
  }

  /// @throws MalformedException if it is not such a text
  /// @throws GeneralSecurityException if the passphrase is wrong, or the text was changed
  static SigningKey decrypt(String text, Secret passphrase)
      throws MalformedException, GeneralSecurityException {
    var parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new MalformedException("not an encrypted key");
    }
    var number = number(Base64.getMimeDecoder().decode(parts.group(2)), passphrase);
    var jwk =
        JsonObject.parse(parts.group(1))
            .with(
                JsonObject.builder()
                    .put("d", Base64.getUrlEncoder().withoutPadding().encodeToString(number))
                    .build());
    return SigningKey.fromPrivateJwk(new Secret(jwk.toJson()));
  }

  private static byte[] number(byte[] der, Secret passphrase)
      throws MalformedException, GeneralSecurityException {
    try {
      var info = new EncryptedPrivateKeyInfo(der);
      var parameters = info.getAlgParameters();
      // The algorithm's own name is that of all PBES2; which one it is only the parameters say.
      if (parameters == null
          || !ALGORITHM.equals(parameters.toString())
          || parameters.getParameterSpec(PBEParameterSpec.class).getIterationCount()
              > MOST_ITERATIONS) {
        throw new MalformedException("encrypted in another way");
      }
      var cipher = Cipher.getInstance(ALGORITHM);
      cipher.init(Cipher.DECRYPT_MODE, secret(passphrase), parameters);
      var key = KeyFactory.getInstance("EC").generatePrivate(info.getKeySpec(cipher));
      return fixed(((ECPrivateKey) key).getS());
    } catch (IOException e) {
      throw new MalformedException("not an encrypted key");
    }
  }

  private static byte[] fixed(BigInteger number) {
    var bytes = number.toByteArray();
    var fixed = new byte[P256_BYTES];
    int length = Math.min(bytes.length, P256_BYTES);
    System.arraycopy(bytes, bytes.length - length, fixed, P256_BYTES - length, length);
    return fixed;
  }

  private static ECParameterSpec p256() throws GeneralSecurityException {
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }

  private static SecretKey secret(Secret passphrase) throws GeneralSecurityException {
    var characters = passphrase.reveal().toCharArray();
    try {
      return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(new PBEKeySpec(characters));
    } finally {
      Arrays.fill(characters, '\0');
    }
  }

  private static byte[] bytes(SecureRandom random, int number) {
    var bytes = new byte[number];
    random.nextBytes(bytes);
    return bytes;
  }
}
