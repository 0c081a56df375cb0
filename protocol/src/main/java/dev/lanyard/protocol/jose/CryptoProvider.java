package dev.lanyard.protocol.jose;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which implementation signs and verifies: the native one (ACCP) when it loads, then Bouncy
/// Castle, then the JDK's own. Chosen once, at first use.
///
/// The system property `lanyard.crypto` (`accp`, `bc` or `jdk`) asks for one of them; asking for
/// one that does not load is a fault, so that a benchmark never measures another than it names.
///
/// @param name `ACCP`, `Bouncy Castle` or `JDK`
/// @param detail the version, or why no faster one is active; for an operator to read
/// @param provider the implementation
public record CryptoProvider(String name, String detail, Provider provider) {
  private static final CryptoProvider ACTIVE = choose();

  /// The one in use.
  public static CryptoProvider active() {
    return ACTIVE;
  }

  private static CryptoProvider choose() {
    var wanted = System.getProperty("lanyard.crypto", "").toLowerCase(Locale.ROOT);
    return switch (wanted) {
      case "accp" -> accp();
      case "bc" -> bouncyCastle("asked for by lanyard.crypto");
      case "jdk" -> jdk("asked for by lanyard.crypto");
      case "" -> fastest();
      default ->
          throw new IllegalStateException(
              "lanyard.crypto is '" + wanted + "'; it may be accp, bc or jdk");
    };
  }

  private static CryptoProvider fastest() {
    try {
      return accp();
    } catch (IllegalStateException noAccp) {
      var reason = "ACCP is not usable here: " + noAccp.getMessage();
      try {
        return bouncyCastle(reason);
      } catch (IllegalStateException noBouncyCastle) {
        return jdk(reason);
      }
    }
  }

  /// By reflection: both are optional at run time.
  private static CryptoProvider accp() {
    try {
      var type = Class.forName("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider");
      var provider = (Provider) type.getField("INSTANCE").get(null);
      type.getMethod("assertHealthy").invoke(provider);
      signs(provider);
      return new CryptoProvider("ACCP", "version " + provider.getVersionStr(), provider);
    } catch (ReflectiveOperationException | LinkageError | NoSuchAlgorithmException e) {
      throw new IllegalStateException(reasonOf(e), e);
    }
  }

  private static CryptoProvider bouncyCastle(String reason) {
    try {
      var type = Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider");
      var provider = (Provider) type.getConstructor().newInstance();
      signs(provider);
      return new CryptoProvider("Bouncy Castle", reason, provider);
    } catch (ReflectiveOperationException | LinkageError | NoSuchAlgorithmException e) {
      throw new IllegalStateException(reasonOf(e), e);
    }
  }

  private static CryptoProvider jdk(String reason) {
    var provider = Security.getProvider("SunEC");
    if (provider == null) {
      throw new IllegalStateException("this Java runtime has no SunEC provider");
    }
    return new CryptoProvider("JDK", reason, provider);
  }

  private static void signs(Provider provider) throws NoSuchAlgorithmException {
    Signature.getInstance("SHA256withECDSA", provider);
  }

  private static String reasonOf(Throwable e) {
    var cause = e.getCause() == null ? e : e.getCause();
    return cause.getClass().getSimpleName() + " (" + cause.getMessage() + ")";
  }

  /// The provider for a signature algorithm: the active one if it has it, else whichever the JDK
  /// finds.
  static @Nullable Provider forSignature(String algorithm) {
    return ACTIVE.orNone("Signature", algorithm);
  }

  /// The same for making keys: a large RSA key takes the JDK half a second.
  static @Nullable Provider forKeyPairs(String algorithm) {
    return ACTIVE.orNone("KeyPairGenerator", algorithm);
  }

  private @Nullable Provider orNone(String service, String algorithm) {
    return provider.getService(service, algorithm) == null ? null : provider;
  }
}
