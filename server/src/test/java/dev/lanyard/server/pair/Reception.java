package dev.lanyard.server.pair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.ras.enrolment.By;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.enrolment.EnrolmentResult;
import dev.lanyard.server.ras.enrolment.Invitation;
import dev.lanyard.server.ras.enrolment.Invitations.Coded;
import dev.lanyard.server.ras.enrolment.Reserved;
import dev.lanyard.server.ras.enrolment.Revision;
import dev.lanyard.server.ras.organisations.DomainName;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.OrganisationRules;
import dev.lanyard.server.ras.organisations.Preset;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The office where organisations enrol at the servers of a pair, and one customer whose issuer
/// they may name as theirs.
///
/// @param office what operators and administrators ask
public record Reception(Pair pair, Customer customer, EnrolmentOffice office) {
  public static final By OPERATOR = By.operator("operator", "test");

  /// Documents of domains are the customer's.
  public static Reception of(Pair pair, Customer customer) {
    return of(pair, customer, customer::documentOf);
  }

  /// @param documents where the document of a domain is; asked whenever one is looked for
  public static Reception of(Pair pair, Customer customer, Function<String, URI> documents) {
    var egress = EgressPolicy.strict().exposingLoopback();
    return new Reception(pair, customer, office(pair, egress, documents));
  }

  /// The office alone.
  ///
  /// @param egress what it may look at outside
  /// @param documents where the document of a domain is
  public static EnrolmentOffice office(
      Pair pair, EgressPolicy egress, Function<String, URI> documents) {
    var reserved =
        new Reserved(
            Set.of(World.ORGANISATION), Set.of(pair.ras(), pair.broker()), Set.of(World.DOMAIN));
    var ground =
        new EnrolmentOffice.Ground(
            pair.database,
            pair.revocation,
            pair.secondKills(),
            new EgressClient(egress),
            ClockSkew.DEFAULT,
            pair.clock);
    return EnrolmentOffice.of(pair.ras(), reserved, ground, documents);
  }

  /// Invites an organisation that has to prove its domains.
  public Secret invited(String name, String... domains) {
    return made(invite(name, Set.of(domains), Set.of()));
  }

  /// Invites one, some of whose domains the operator vouches for.
  public Coded invite(String name, Set<String> domains, Set<String> vouched) {
    return office
        .invitations()
        .invite(
            new Invitation(
                name,
                names(domains),
                names(vouched),
                OrganisationRules.NONE,
                Invitation.DEFAULT_LIFE),
            OPERATOR);
  }

  private static Set<DomainName> names(Set<String> domains) {
    return domains.stream().map(DomainName::parse).collect(Collectors.toSet());
  }

  public static Secret made(Coded coded) {
    if (!(coded instanceof Coded.Made(_, var code))) {
      throw new AssertionError(coded);
    }
    return code;
  }

  public static EnrolledOrganisation done(EnrolmentResult result) {
    if (!(result instanceof EnrolmentResult.Done(var organisation))) {
      throw new AssertionError(result);
    }
    return organisation;
  }

  /// Refused for this, and that is in the record.
  public void assertRefused(EnrolmentResult result, String code) {
    assertThat(result).isInstanceOf(EnrolmentResult.Refused.class);
    var problem = ((EnrolmentResult.Refused) result).problem();
    assertThat(problem.code()).as(problem.detail()).isEqualTo(code);
    var recorded = new AuditLog(pair.database).query(AuditQuery.newest(1)).getFirst().event();
    assertThat(recorded.outcome().value()).as("AUD-1").isEqualTo("refused");
    assertThat(recorded.evidence().toJson()).contains(code);
  }

  public static IssuerRules rules(String json) {
    try {
      return IssuerRules.parse(JsonObject.parse(json));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// The customer's issuer, as an organisation has it.
  public IssuerEnrolment issuer(String name) {
    return organisation(name).issuer(customer.issuer()).orElseThrow();
  }

  public EnrolledOrganisation organisation(String name) {
    return office.custody().find(name).orElseThrow();
  }

  /// Somebody says that the customer's issuer is theirs.
  public void claimed(String name) {
    done(office.issuers().claim(name, Preset.OTHER, customer.issuer(), OPERATOR));
  }

  /// And publishes the proof below a domain of theirs.
  public EnrolmentResult provedByDomain(String name, String domain) {
    customer.answers(domain, office.issuers().challenge(issuer(name)));
    return office.issuers().proveByDomain(name, customer.issuer(), domain, OPERATOR);
  }

  /// Or the proof at the issuer itself.
  public EnrolmentResult provedByDocument(String name) {
    customer.answers(office.issuers().challenge(issuer(name)));
    return office.issuers().proveByDocument(name, customer.issuer(), OPERATOR);
  }

  /// Publishes what proves the domain itself.
  public EnrolmentResult provedDomain(String name, String domain) {
    var claim = organisation(name).domain(domain).orElseThrow();
    customer.answers(domain, office.issuers().challenge(claim));
    return office.domains().prove(name, domain, OPERATOR);
  }

  /// The customer's issuer is proved by its own document, switched on with these rules, and has
  /// sent somebody.
  public void activated(String name, String rules) {
    if (office.custody().find(name).isEmpty()) {
      var _ = invited(name);
    }
    claimed(name);
    done(provedByDocument(name));
    done(switchedOn(name, rules));
    assertThat(redeemed("first").status()).isEqualTo(200);
  }

  public EnrolmentResult switchedOn(String name, String rules) {
    return office
        .issuers()
        .switchOn(name, customer.issuer(), Revision.of(_ -> rules(rules)), OPERATOR);
  }

  public EnrolmentResult changed(String name, String rules) {
    return office
        .issuers()
        .change(name, customer.issuer(), Revision.of(_ -> rules(rules)), OPERATOR);
  }

  public EnrolmentResult add(String name, String domain) {
    return office.domains().add(name, domain, Optional.empty(), OPERATOR);
  }

  public EnrolmentResult remove(String name, String domain) {
    return office.domains().remove(name, domain, OPERATOR);
  }

  public Answer redeemed(JsonObject.Builder claims) {
    return new Desk(pair).redeem(customer.signed(claims.build()));
  }

  public Answer redeemed(String subject) {
    return redeemed(customer.claims(pair, subject));
  }

  public boolean lives(Answer answer) {
    return new Desk(pair)
        .introspect(answer.text("access_token"), "linear-server")
        .body()
        .contains("\"active\":true");
  }
}
