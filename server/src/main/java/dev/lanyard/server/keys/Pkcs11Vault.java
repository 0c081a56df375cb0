package dev.lanyard.server.keys;

import dev.lanyard.protocol.jose.ExternalKey;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.VerificationKey;
import dev.lanyard.protocol.json.MalformedException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps signing keys in a security module, through the PKCS#11 provider of the Java runtime. They
/// are made there and cannot be taken out. Signs with ES256, ES384 and RS256. Thread-safe.
///
/// The runtime finds a private key only beside a certificate, so each key has one that says
/// nothing.
public final class Pkcs11Vault implements KeyVault {
  private static final Logger LOG = LoggerFactory.getLogger(Pkcs11Vault.class);
  private static final X500Name NOBODY = new X500Name("CN=lanyard");
  private static final Duration LONG = Duration.ofDays(36_500);

  private final Provider provider;
  private final KeyStore store;
  private final char[] pin;
  private final InstantSource clock;
  private final ReentrantLock changing = new ReentrantLock();

  private Pkcs11Vault(Provider provider, KeyStore store, char[] pin, InstantSource clock) {
    this.provider = provider;
    this.store = store;
    this.pin = pin;
    this.clock = clock;
  }

  /// Opens the token.
  ///
  /// @throws KeyException if the driver or the token does not open; the message says what to do
  public static Pkcs11Vault open(Pkcs11Config config, InstantSource clock) {
    var base = Security.getProvider("SunPKCS11");
    if (base == null) {
      throw new KeyException("this Java runtime has no PKCS#11 (module jdk.crypto.cryptoki)");
    }
    var pin = config.pin().reveal().toCharArray();
    try {
      var provider = base.configure(settings(config));
      var store = KeyStore.getInstance("PKCS11", provider);
      store.load(null, pin);
      return new Pkcs11Vault(provider, store, pin, clock);
    } catch (GeneralSecurityException
        | IOException
        | InvalidParameterException
        | ProviderException e) {
      throw new KeyException(
          "the security module behind "
              + config.library()
              + " does not open: "
              + reason(e)
              + ". Check keys.pkcs11: library, slot and pin_file",
          e);
    }
  }

  private static String settings(Pkcs11Config config) {
    var slot = config.slot().isPresent() ? "slot=" + config.slot().getAsLong() : "slotListIndex=0";
    // The two dashes say that what follows is no name of a file.
    return """
    --name=Lanyard
    library="%s"
    %s
    attributes(*,CKO_PRIVATE_KEY,*) = {
      CKA_SIGN = true
      CKA_SENSITIVE = true
      CKA_EXTRACTABLE = false
    }
    """
        .formatted(config.library(), slot);
  }

  private static String reason(Exception e) {
    var cause = e;
    while (cause.getCause() instanceof Exception deeper) {
      cause = deeper;
    }
    return String.valueOf(cause.getMessage());
  }

  @Override
  public Set<SigningAlgorithm> algorithms() {
    return EnumSet.of(SigningAlgorithm.ES256, SigningAlgorithm.ES384, SigningAlgorithm.RS256);
  }

  @Override
  public SigningKey make(SigningAlgorithm algorithm) {
    var names = Names.of(algorithm);
    try {
      var pair = generate(names);
      var publicKey = VerificationKey.of(pair.getPublic(), algorithm);
      Certificate[] chain = {certificate(pair, names)};
      changing.lock();
      try {
        store.setKeyEntry(publicKey.keyId().orElseThrow(), pair.getPrivate(), null, chain);
      } finally {
        changing.unlock();
      }
      // As the store has it: the one that was generated is gone with its session.
      return open(publicKey);
    } catch (GeneralSecurityException
        | OperatorCreationException
        | ProviderException
        | MalformedException
        | IOException e) {
      throw new KeyException(
          "the security module makes no key for " + algorithm.value() + ": " + reason(e), e);
    }
  }

  private KeyPair generate(Names names) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance(names.family, provider);
    if (names.curve.isEmpty()) {
      generator.initialize(3072);
    } else {
      generator.initialize(new ECGenParameterSpec(names.curve));
    }
    return generator.generateKeyPair();
  }

  private Certificate certificate(KeyPair pair, Names names)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    var now = clock.instant();
    var signer =
        new JcaContentSignerBuilder(names.certificate)
            .setProvider(provider)
            .build(pair.getPrivate());
    var builder =
        new JcaX509v3CertificateBuilder(
            NOBODY,
            BigInteger.valueOf(now.toEpochMilli()),
            date(now),
            date(now.plus(LONG)),
            NOBODY,
            pair.getPublic());
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }

  @SuppressWarnings("JavaUtilDate") // What the certificate builder takes.
  private static Date date(Instant instant) {
    return Date.from(instant);
  }

  @Override
  public SigningKey open(VerificationKey publicKey) {
    var keyId = publicKey.keyId().orElseThrow();
    var algorithm = publicKey.algorithms().iterator().next();
    try {
      return SigningKey.external(
          new InModule(publicKey, algorithm, find(keyId), Names.of(algorithm)));
    } catch (GeneralSecurityException | IOException e) {
      throw new KeyException("the security module does not answer: " + reason(e), e);
    }
  }

  /// Also one that another node has made since we looked.
  private PrivateKey find(String keyId) throws GeneralSecurityException, IOException {
    changing.lock();
    try {
      if (!store.containsAlias(keyId)) {
        store.load(null, pin);
      }
      if (store.getKey(keyId, null) instanceof PrivateKey key) {
        return key;
      }
      throw new KeyException("the security module has no key " + keyId);
    } finally {
      changing.unlock();
    }
  }

  @Override
  public void destroy(String keyId) {
    changing.lock();
    try {
      if (store.containsAlias(keyId)) {
        store.deleteEntry(keyId);
      }
    } catch (GeneralSecurityException e) {
      // It signs nothing that anybody accepts; only its room is not free.
      LOG.warn("the security module did not destroy the key {}", keyId, e);
    } finally {
      changing.unlock();
    }
  }

  /// What an algorithm is called in the Java runtime.
  ///
  /// @param curve empty for RSA
  /// @param signature as JWS has it
  /// @param certificate as X.509 has it
  private record Names(String family, String curve, String signature, String certificate) {
    static Names of(SigningAlgorithm algorithm) {
      return switch (algorithm) {
        case ES256 ->
            new Names("EC", "secp256r1", "SHA256withECDSAinP1363Format", "SHA256withECDSA");
        case ES384 ->
            new Names("EC", "secp384r1", "SHA384withECDSAinP1363Format", "SHA384withECDSA");
        case RS256 -> new Names("RSA", "", "SHA256withRSA", "SHA256withRSA");
        case PS256, EDDSA ->
            throw new KeyException(
                "keys in a security module sign with ES256, ES384 or RS256, not with "
                    + algorithm.value());
      };
    }
  }

  private final class InModule implements ExternalKey {
    private final VerificationKey publicKey;
    private final SigningAlgorithm algorithm;
    private final PrivateKey privateKey;
    private final String signature;

    InModule(
        VerificationKey publicKey, SigningAlgorithm algorithm, PrivateKey privateKey, Names names) {
      this.publicKey = publicKey;
      this.algorithm = algorithm;
      this.privateKey = privateKey;
      this.signature = names.signature;
    }

    @Override
    public VerificationKey publicKey() {
      return publicKey;
    }

    @Override
    public SigningAlgorithm algorithm() {
      return algorithm;
    }

    @Override
    public byte[] sign(byte[] input) throws GeneralSecurityException {
      var engine = Signature.getInstance(signature, provider);
      engine.initSign(privateKey);
      engine.update(input);
      return engine.sign();
    }
  }
}
