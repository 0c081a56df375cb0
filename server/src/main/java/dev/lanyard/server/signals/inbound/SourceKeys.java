package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.jwks.RemoteKeySet;
import dev.lanyard.server.token.Platform;

/// The keys of those who sign signals: where the configuration says, or where the issuer's own
/// metadata says. Never where a token says (KEY-4).
final class SourceKeys {
  private SourceKeys() {}

  static TrustedIssuer trusted(Signer signer, Platform platform) {
    return trusted(signer, platform, discovered(signer, platform));
  }

  /// @param otherwise the keys, if the configuration does not say where they are
  static TrustedIssuer trusted(Signer signer, Platform platform, KeySource otherwise) {
    var keys =
        signer
            .jwksUri()
            .<KeySource>map(
                uri -> new RemoteKeySet(platform.egress(), uri, Refresh.DEFAULT, platform.clock()))
            .orElse(otherwise);
    return new TrustedIssuer(signer.issuer(), keys, signer.algorithms());
  }

  private static KeySource discovered(Signer signer, Platform platform) {
    return new IssuerDiscovery(
            platform.egress(), signer.issuer(), Refresh.DEFAULT, platform.clock())
        .keys();
  }
}
