package dev.lanyard.protocol.jose;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/// Ed25519 through the platform's crypto interface; the JOSE library would bring five jars for it.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8410.html#section-7 RFC 8410 §7
final class Ed25519 {
  private static final byte[] PUBLIC_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final byte[] PRIVATE_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private Ed25519() {}

  static PublicKey publicKey(byte[] raw) throws GeneralSecurityException {
    return Keys.factory("Ed25519").generatePublic(new X509EncodedKeySpec(join(PUBLIC_PREFIX, raw)));
  }

  static PrivateKey privateKey(byte[] raw) throws GeneralSecurityException {
    return Keys.factory("Ed25519")
        .generatePrivate(new PKCS8EncodedKeySpec(join(PRIVATE_PREFIX, raw)));
  }

  static boolean verify(PublicKey key, byte[] input, byte[] signature)
      throws GeneralSecurityException {
    var engine = engine();
    engine.initVerify(key);
    engine.update(input);
    return engine.verify(signature);
  }

  static byte[] sign(PrivateKey key, byte[] input) throws GeneralSecurityException {
    var engine = engine();
    engine.initSign(key);
    engine.update(input);
    return engine.sign();
  }

  private static Signature engine() throws GeneralSecurityException {
    var provider = CryptoProvider.forSignature("Ed25519");
    return provider == null
        ? Signature.getInstance("Ed25519")
        : Signature.getInstance("Ed25519", provider);
  }

  private static byte[] join(byte[] prefix, byte[] raw) {
    var whole = new byte[prefix.length + raw.length];
    System.arraycopy(prefix, 0, whole, 0, prefix.length);
    System.arraycopy(raw, 0, whole, prefix.length, raw.length);
    return whole;
  }
}
