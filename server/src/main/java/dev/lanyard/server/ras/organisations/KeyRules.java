package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.VerificationKey;
import java.util.HashSet;
import java.util.Set;

/// Which of the keys that an issuer publishes count here. An administrator refuses a key that is in
/// wrong hands before its issuer has removed it, or pins the keys that count, so that whoever gets
/// hold of what the issuer publishes can add none.
///
/// @param refused key ids or thumbprints that count no more
/// @param pinned thumbprints, the only ones that count; none for whatever is published. No key ids:
///   whoever publishes a key chooses its id
/// @spec https://www.rfc-editor.org/rfc/rfc7638.html#section-3 RFC 7638 §3
public record KeyRules(Set<String> refused, Set<String> pinned) {
  /// Every published key counts.
  public static final KeyRules ALL = new KeyRules(Set.of(), Set.of());

  /// @throws IllegalArgumentException if a pin is no thumbprint
  public KeyRules {
    refused = Set.copyOf(refused);
    pinned = Set.copyOf(pinned);
    for (var pin : pinned) {
      if (!pin.matches("[A-Za-z0-9_-]{43}")) {
        throw new IllegalArgumentException(
            "pinned_keys takes SHA-256 thumbprints (43 characters of base64url), not '"
                + pin
                + "'");
      }
    }
  }

  /// The same, and these count no more either.
  public KeyRules refusing(Set<String> more) {
    var all = new HashSet<>(refused);
    all.addAll(more);
    return new KeyRules(all, pinned);
  }

  /// The keys of a source that count.
  public KeySource over(KeySource source) {
    return equals(ALL) ? source : (keyId, algorithm) -> counting(source.find(keyId, algorithm));
  }

  private KeySource.Lookup counting(KeySource.Lookup lookup) {
    if (!(lookup instanceof KeySource.Lookup.Found(var keys))) {
      return lookup;
    }
    var counting = keys.stream().filter(this::count).toList();
    return counting.isEmpty() ? new KeySource.Lookup.None() : new KeySource.Lookup.Found(counting);
  }

  /// Whether a key counts.
  public boolean count(VerificationKey key) {
    return (pinned.isEmpty() || pinned.contains(key.thumbprint()))
        && !refused.contains(key.thumbprint())
        && key.keyId().filter(refused::contains).isEmpty();
  }
}
