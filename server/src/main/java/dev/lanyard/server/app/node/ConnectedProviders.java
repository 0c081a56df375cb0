package dev.lanyard.server.app.node;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.checkup.Finding;
import dev.lanyard.server.app.checkup.SamlCheckup;
import dev.lanyard.server.app.checkup.TlsCheckup;
import dev.lanyard.server.app.checkup.UpstreamCheckup;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.authorization.upstream.SamlPlaces;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.console.desk.ProviderDesk;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.scim.LastProvisioned;
import dev.lanyard.server.scim.ScimConnection;
import dev.lanyard.server.scim.ScimTokens;
import dev.lanyard.server.sessions.LastSignIns;
import dev.lanyard.server.signals.inbound.CallerConfig;
import dev.lanyard.server.signals.inbound.LastHeard;
import dev.lanyard.server.signals.inbound.SourceConfig;
import dev.lanyard.server.signals.inbound.Trust;
import dev.lanyard.server.token.Paths;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The identity providers of a broker, looked at as `lanyard doctor` does.
///
/// @param database in which it stands what they did last
record ConnectedProviders(
    Configuration config, BrokerConfig broker, Database database, InstantSource clock)
    implements ProviderDesk {
  private static final String OPENID = "openid-";
  private static final String SAML = "saml-";

  @Override
  public List<Connection> all() {
    var signIns = new LastSignIns(database).byUpstream();
    var all = new ArrayList<Connection>();
    for (var one : broker.signIn().upstreams()) {
      all.add(openId(one, new Sign("a sign-in", Optional.ofNullable(signIns.get(one.id())))));
    }
    for (var one : broker.signIn().samlUpstreams()) {
      all.add(saml(one, new Sign("a sign-in", Optional.ofNullable(signIns.get(one.id())))));
    }
    config.scim().connections().forEach(one -> all.add(scim(one)));
    config.signals().sources().forEach(one -> all.add(events(one)));
    config.signals().callers().forEach(one -> all.add(caller(one)));
    return List.copyOf(all);
  }

  private Fact at(String what, String path) {
    return Fact.of(what, Paths.at(broker.issuer(), path));
  }

  private Connection openId(UpstreamConfig one, Sign last) {
    return new Connection(
        OPENID + one.id(),
        "sign-in by OpenID Connect",
        one.name(),
        List.of(last),
        List.of(
            new Fact("issuer", one.issuer().value()),
            new Fact("client_id", one.clientId().value()),
            new Fact("scopes", one.scopes().toString()),
            new Fact("algorithms", algorithms(one.algorithms()))),
        List.of(
            at("redirect URI", Paths.CALLBACK + "/" + one.id()),
            at("back-channel logout URI", "/backchannel-logout/" + one.id())),
        true);
  }

  private static String algorithms(Set<SigningAlgorithm> algorithms) {
    return algorithms.stream()
        .map(SigningAlgorithm::value)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private Connection saml(SamlUpstreamConfig one, Sign last) {
    var self = SamlPlaces.of(one, broker.issuer());
    var people = SamlPlaces.nameSpace(broker.issuer(), one.provider().entityId());
    return new Connection(
        SAML + one.id(),
        "sign-in by SAML",
        one.name(),
        List.of(last),
        List.of(new Fact("entity ID", one.provider().entityId())),
        List.of(
            new Fact("entity ID of the service provider", self.entityId()),
            Fact.of("ACS URL", self.assertionConsumer()),
            Fact.of("logout URL", self.logout()),
            new Fact("subject_issuer of its SCIM connection", people.value())),
        true);
  }

  private Connection scim(ScimConnection one) {
    return new Connection(
        "scim-" + one.id(),
        "people and groups by SCIM",
        one.id(),
        List.of(
            new Sign("a person or group was changed", new LastProvisioned(database).by(one.id())),
            new Sign("a token made by hand was used", used(one))),
        List.of(
            new Fact("organisation", one.organisation()),
            new Fact("profile", one.compatibility().value()),
            new Fact("groups that it may keep", String.join(", ", one.groups())),
            new Fact("subject_issuer", one.subjectIssuer().map(Issuer::value).orElse("not set"))),
        List.of(at("base URL", "/scim/v2")),
        false);
  }

  private Optional<Instant> used(ScimConnection one) {
    return new ScimTokens(database, clock)
        .list(one.id()).stream().flatMap(token -> token.usedAt().stream()).max(Instant::compareTo);
  }

  private Connection events(SourceConfig one) {
    return new Connection(
        "events-" + one.name(),
        "security events",
        one.name(),
        List.of(new Sign("an event or a sign of life", new LastHeard(database).of(one.name()))),
        List.of(
            new Fact("issuer", one.signer().issuer().value()),
            new Fact("algorithms", algorithms(one.signer().algorithms())),
            new Fact("alarm after", one.silence().toString()),
            new Fact("speaks of", trust(one.trust()))),
        List.of(
            at("receiver of events", "/signals/events/" + one.name()),
            new Fact("audience", one.audience())),
        false);
  }

  private static String trust(Trust trust) {
    var whom = new ArrayList<String>();
    trust.issuers().stream().map(Issuer::value).sorted().forEach(whom::add);
    trust.domains().stream().sorted().forEach(whom::add);
    trust.upstream().ifPresent(one -> whom.add("sessions of " + one));
    return whom.isEmpty() ? "nobody" : String.join(", ", whom);
  }

  private Connection caller(CallerConfig one) {
    return new Connection(
        "revocation-" + one.name(),
        "global token revocation",
        one.name(),
        List.of(),
        List.of(new Fact("speaks of", trust(one.trust()))),
        List.of(at("endpoint", "/global-token-revocation/" + one.name())),
        false);
  }

  @Override
  public Optional<List<Check>> examine(String id) {
    var openId =
        broker.signIn().upstreams().stream()
            .filter(one -> id.equals(OPENID + one.id()))
            .findFirst();
    var saml =
        broker.signIn().samlUpstreams().stream()
            .filter(one -> id.equals(SAML + one.id()))
            .findFirst();
    return openId
        .map(this::examined)
        .or(() ->
            saml.map(one ->
                new SamlCheckup(new EgressClient(config.outbound()), broker.issuer(), clock)
                    .examine(one)))
        .map(findings -> findings.stream().map(ConnectedProviders::check).toList());
  }

  private List<Finding> examined(UpstreamConfig one) {
    var findings = new ArrayList<Finding>();
    new TlsCheckup(config.outbound(), clock)
        .examine("upstream " + one.id(), one.issuer().uri())
        .ifPresent(findings::add);
    findings.addAll(new UpstreamCheckup(config.outbound(), clock).examine(one, Optional.empty()));
    return findings;
  }

  private static Check check(Finding finding) {
    var level =
        switch (finding.level()) {
          case GOOD -> Check.Level.GOOD;
          case NOTE -> Check.Level.NOTE;
          case BAD -> Check.Level.BAD;
        };
    return new Check(level, finding.check(), finding.detail());
  }
}
