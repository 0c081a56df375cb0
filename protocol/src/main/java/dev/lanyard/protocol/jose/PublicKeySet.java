package dev.lanyard.protocol.jose;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A JWK Set of public keys: what `jwks_uri` answers. Immutable; also a [KeySource] by itself.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7517.html#section-5 RFC 7517 §5
public record PublicKeySet(List<VerificationKey> keys) implements KeySource {
  private static final int MAX_KEYS = 64;
  private static final Set<String> PRIVATE_MEMBERS =
      Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  public PublicKeySet {
    keys = List.copyOf(keys);
  }

  /// Reads a JWK Set. Keys that we cannot use (other kinds, encryption, too weak) are left out, as
  /// RFC 7517 §5 tells.
  ///
  /// @throws MalformedException if it is not a JWK Set, holds more than 64 keys, or a private key:
  ///   an issuer that publishes one has lost it
  public static PublicKeySet parse(JsonObject json) throws MalformedException {
    var members =
        json.objects("keys").orElseThrow(() -> new MalformedException("no 'keys' in the key set"));
    if (members.size() > MAX_KEYS) {
      throw new MalformedException("more than " + MAX_KEYS + " keys in the key set");
    }
    var usable = new ArrayList<VerificationKey>();
    for (var member : members) {
      if (!Collections.disjoint(member.names(), PRIVATE_MEMBERS)) {
        throw new MalformedException("the key set publishes a private or symmetric key");
      }
      readable(member).ifPresent(usable::add);
    }
    return new PublicKeySet(usable);
  }

  private static Optional<VerificationKey> readable(JsonObject member) {
    try {
      return Optional.of(VerificationKey.fromJwk(member));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// With a `kid` only keys of that name; without one every key of the algorithm.
  @Override
  public Lookup find(Optional<String> keyId, SigningAlgorithm algorithm) {
    var fitting =
        keys.stream()
            .filter(key -> keyId.isEmpty() || keyId.equals(key.keyId()))
            .filter(key -> key.algorithms().contains(algorithm))
            .toList();
    return fitting.isEmpty() ? new Lookup.None() : new Lookup.Found(fitting);
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("keys", keys.stream().map(VerificationKey::toJwk).toList())
        .build();
  }
}
