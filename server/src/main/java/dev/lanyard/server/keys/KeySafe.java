package dev.lanyard.server.keys;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.VerificationKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes signing keys, and seals what the record keeps of them under the master key: the private
/// key itself, or the public half of one that a vault keeps. Sealed are both, so that whoever can
/// write to the database alone can bring in no key of theirs. Thread-safe.
public final class KeySafe {
  private static final Logger LOG = LoggerFactory.getLogger(KeySafe.class);

  private final MasterKey masterKey;
  private final Optional<KeyVault> vault;

  private KeySafe(MasterKey masterKey, Optional<KeyVault> vault) {
    this.masterKey = masterKey;
    this.vault = vault;
  }

  /// New keys are kept in the record.
  public static KeySafe of(MasterKey masterKey) {
    return new KeySafe(masterKey, Optional.empty());
  }

  /// New keys are kept in a vault if there is one; those that are in the record already stay there.
  public static KeySafe of(MasterKey masterKey, Optional<KeyVault> vault) {
    return new KeySafe(masterKey, vault);
  }

  /// The key that seals.
  public MasterKey masterKey() {
    return masterKey;
  }

  /// What it makes keys for.
  public Set<SigningAlgorithm> algorithms() {
    return vault.map(KeyVault::algorithms).orElseGet(() -> EnumSet.allOf(SigningAlgorithm.class));
  }

  /// A key with what the record keeps of it.
  record Made(SigningKey key, String sealed) {}

  /// @throws KeyException if the vault does not make it, whatever keeps it from that
  Made make(String server, Purpose purpose, SigningAlgorithm algorithm) {
    var key = vault.map(one -> made(one, algorithm)).orElseGet(() -> generated(algorithm));
    var kept =
        vault.isPresent() ? new Secret(key.publicKey().toJwk().toJson()) : key.toPrivateJwk();
    return new Made(key, masterKey.seal(kept, context(key.keyId(), server, purpose.value())));
  }

  private static SigningKey made(KeyVault vault, SigningAlgorithm algorithm) {
    try {
      return vault.make(algorithm);
    } catch (KeyException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new KeyException("the vault makes no key for " + algorithm.value() + ": " + e, e);
    }
  }

  /// One whose id does not begin as an option does: it is an argument of `lanyard keys retire`.
  private static SigningKey generated(SigningAlgorithm algorithm) {
    var key = SigningKey.generate(algorithm);
    return key.keyId().startsWith("-") ? generated(algorithm) : key;
  }

  /// @throws KeyException if the master key does not open it, or it is in a vault that is not there
  SigningKey open(KeyEntry entry, String sealed) {
    var context = context(entry.keyId(), entry.server(), entry.purpose().value());
    var kept = masterKey.open(sealed, context);
    try {
      var jwk = JsonObject.parse(kept.reveal());
      if (isPrivate(jwk)) {
        return SigningKey.fromPrivateJwk(kept);
      }
      var publicKey = VerificationKey.fromJwk(jwk);
      return vault
          .orElseThrow(() ->
              new KeyException(context + " is in a security module, and 'keys.pkcs11' names none"))
          .open(publicKey);
    } catch (MalformedException e) {
      throw new KeyException("cannot use " + context, e);
    }
  }

  private static boolean isPrivate(JsonObject jwk) {
    return jwk.has("d");
  }

  /// Also if the vault cannot: what the record does not have signs nothing that anybody accepts.
  void destroy(String keyId) {
    try {
      vault.ifPresent(one -> one.destroy(keyId));
    } catch (RuntimeException e) {
      LOG.warn("the vault did not destroy the key {}", keyId, e);
    }
  }

  /// A sealed key cannot be moved to another server or purpose.
  private static String context(String keyId, String server, String purpose) {
    return "signing key " + keyId + " of " + server + " for " + purpose;
  }

  /// Where the record keeps what is sealed here.
  public static SealedColumn sealed() {
    return new SealedColumn(
        "signing_key",
        List.of("kid", "server", "purpose"),
        "sealed",
        key -> context(key.get(0), key.get(1), key.get(2)));
  }
}
