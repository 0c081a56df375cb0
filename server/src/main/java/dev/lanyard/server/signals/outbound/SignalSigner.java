package dev.lanyard.server.signals.outbound;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.securityevent.LogoutToken;
import dev.lanyard.protocol.securityevent.RevocationCaller;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.token.Platform;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// Signs what we tell others, each kind with a key of its own (KEY-6) that the broker publishes.
/// Thread-safe.
public final class SignalSigner {
  private final Map<Purpose, KeyRing> rings = new EnumMap<>(Purpose.class);

  /// Opens the keys, and makes those that are missing: long before anything is signed with them, so
  /// that whoever gets a token finds its key published.
  ///
  /// @param server whose key set publishes the keys
  /// @param purposes what will be signed
  public SignalSigner(Platform platform, KeySafe safe, String server, Set<Purpose> purposes) {
    for (var purpose : purposes) {
      rings.put(
          purpose,
          KeyRing.open(
              platform.database(),
              safe,
              platform.clock(),
              server,
              Set.of(purpose),
              algorithm(purpose)));
    }
  }

  /// A security event token.
  ///
  /// @throws IllegalStateException if no key was made for security events
  public String event(JsonObject claims) {
    return sign(Purpose.SECURITY_EVENT, SecurityEventToken.TYPE, claims);
  }

  String logout(JsonObject claims) {
    return sign(Purpose.LOGOUT_TOKEN, LogoutToken.TYPE, claims);
  }

  String call(JsonObject claims) {
    return sign(Purpose.REVOCATION_CALL, RevocationCaller.TYPE, claims);
  }

  private String sign(Purpose purpose, String type, JsonObject claims) {
    var ring = rings.get(purpose);
    if (ring == null) {
      throw new IllegalStateException("no key was made for " + purpose.value());
    }
    return new JwtSigner(ring.active(purpose), type).sign(claims);
  }

  /// Events are signed with RS256, which every receiver of the CAEP interoperability profile reads
  /// (SSF-23); everything else like ID Tokens, because clients expect one algorithm for both.
  private static SigningAlgorithm algorithm(Purpose purpose) {
    return purpose == Purpose.SECURITY_EVENT ? SigningAlgorithm.RS256 : SigningAlgorithm.ES256;
  }
}
