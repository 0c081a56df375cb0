package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.upstream.SamlPlaces;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.saml.ProviderDescription;
import dev.lanyard.server.saml.SamlConfig.Source;
import dev.lanyard.server.saml.SamlProvider;
import dev.lanyard.server.saml.SamlProvider.Described;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Looks at a SAML provider as the broker does, and prints what its administrator must enter.
public final class SamlCheckup {
  private static final int SOON = 30;

  private final EgressClient egress;
  private final Issuer broker;
  private final InstantSource clock;

  public SamlCheckup(EgressClient egress, Issuer broker, InstantSource clock) {
    this.egress = egress;
    this.broker = broker;
    this.clock = clock;
  }

  /// Checks metadata, certificates and clock.
  public List<Finding> examine(SamlUpstreamConfig upstream) {
    var findings = new ArrayList<Finding>();
    var name = "SAML upstream " + upstream.id();
    var self = SamlPlaces.of(upstream, broker);
    var provider = new SamlProvider(upstream.provider(), self, egress, ClockSkew.DEFAULT, clock);
    switch (provider.described()) {
      case Described.Unavailable(var why) -> findings.add(Finding.bad(name, why));
      case Described.As(var description) -> describe(name, description, findings);
    }
    if (upstream.provider().source() instanceof Source.Remote(var metadata)
        && egress.send(EgressRequest.get(metadata)) instanceof EgressResult.Answered answer) {
      ServerCheckup.clock(name, answer, clock).ifPresent(findings::add);
    }
    findings.add(note("entity ID of " + upstream.id() + "'s service provider", self.entityId()));
    findings.add(note("ACS URL at " + upstream.id(), self.assertionConsumer().toString()));
    findings.add(note("logout URL at " + upstream.id(), self.logout().toString()));
    findings.add(
        note(
            "subject_issuer of a SCIM connection for " + upstream.id(),
            SamlPlaces.nameSpace(broker, upstream.provider().entityId()).value()));
    return findings;
  }

  private void describe(String name, ProviderDescription description, List<Finding> findings) {
    findings.add(
        Finding.good(
            name,
            description.entityId()
                + " signs people in at "
                + description.singleSignOn()
                + ", with "
                + description.certificates().size()
                + " certificates"));
    description.certificates().forEach(one -> examine(name + " certificate", one, findings));
  }

  /// Its dates decide nothing, but a provider replaces a key when its certificate expires.
  private void examine(String check, X509Certificate certificate, List<Finding> findings) {
    var left = Duration.between(clock.instant(), certificate.getNotAfter().toInstant());
    var key = " of " + certificate.getSubjectX500Principal();
    if (left.isNegative()) {
      findings.add(
          Finding.note(check, "has expired" + key + "; ask whether the key is to be replaced"));
    } else if (left.toDays() < SOON) {
      findings.add(
          Finding.note(
              check, "expires in " + left.toDays() + " days" + key + "; expect another key"));
    } else {
      findings.add(Finding.good(check, "valid for " + left.toDays() + " days" + key));
    }
  }

  private static Finding note(String check, String value) {
    return Finding.note(check, "configure exactly: " + value);
  }
}
