package dev.lanyard.server.ras;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.idjag.EnrolledIssuer;
import dev.lanyard.protocol.idjag.EnrolledIssuers;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.ras.RasConfig.Organisation;
import dev.lanyard.server.token.Platform;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The customers, found by the issuer that speaks for one of them (RAS-4, RAS-20).
final class Organisations implements EnrolledIssuers {
  private final Map<Issuer, Member> members = new HashMap<>();

  Organisations(List<Organisation> organisations, Platform platform) {
    for (var organisation : organisations) {
      for (var provider : organisation.providers()) {
        var discovery =
            new IssuerDiscovery(
                platform.egress(), provider.issuer(), Refresh.DEFAULT, platform.clock());
        var trust = new TrustedIssuer(provider.issuer(), discovery.keys(), provider.algorithms());
        var enrolled = new EnrolledIssuer(trust, provider.tenant(), organisation.tenant());
        members.put(provider.issuer(), new Member(organisation, provider, enrolled));
      }
    }
  }

  /// An issuer in its organisation.
  record Member(Organisation organisation, IdentityProvider provider, EnrolledIssuer enrolled) {}

  @Override
  public Optional<EnrolledIssuer> find(Issuer issuer) {
    return Optional.ofNullable(members.get(issuer)).map(Member::enrolled);
  }

  /// The organisation of an issuer whose assertion was accepted.
  Member of(Issuer issuer) {
    return Optional.ofNullable(members.get(issuer)).orElseThrow();
  }
}
