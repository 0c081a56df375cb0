package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.idjag.EnrolledIssuer;
import dev.lanyard.protocol.idjag.EnrolledIssuers;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Change;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Follower;
import dev.lanyard.server.database.Reading;
import dev.lanyard.server.directory.EmailDomain;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.ras.organisations.Member.Confirmation;
import dev.lanyard.server.ras.organisations.Member.Pending;
import dev.lanyard.server.token.Platform;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The customers, found by name and by the issuer that speaks for one of them (RAS-4, RAS-20):
/// those of the configuration, which nothing changes, and those of the record, which every node
/// follows.
///
/// Answers from memory. What an issuer publishes is fetched when its first assertion comes.
/// Thread-safe.
public final class Organisations implements EnrolledIssuers {
  private static final Logger LOG = LoggerFactory.getLogger(Organisations.class);
  private static final int MOST_SECONDS_EARLIER = 180;

  private final Platform platform;
  private final Set<String> configuredNames;
  private final Map<Issuer, Member> configured = new ConcurrentHashMap<>();
  private final Map<String, Organisation> byName = new ConcurrentHashMap<>();
  private final Map<Issuer, Member> enrolled = new ConcurrentHashMap<>();
  private final Map<String, EnrolledOrganisation> records = new ConcurrentHashMap<>();

  /// Whose people have addresses in a domain; of enrolled ones only in those that they have proved.
  private final Holdings<String> domains = new Holdings<>();

  /// The issuers that organisations of the record have named, whatever has become of it.
  private final Holdings<Issuer> named = new Holdings<>();

  /// Those of them that are trusted.
  private final Holdings<Issuer> trusted = new Holdings<>();

  /// Kept over changes, so that no change has keys fetched again.
  private final Map<Issuer, IssuerDiscovery> discoveries = new ConcurrentHashMap<>();

  /// Held from reading the record to applying it.
  private final ReentrantLock applying = new ReentrantLock();

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("organisation_access", "expires_at");
  }

  private Organisations(List<Organisation> organisations, Platform platform) {
    this.platform = platform;
    this.configuredNames =
        organisations.stream().map(Organisation::name).collect(Collectors.toUnmodifiableSet());
    for (var organisation : organisations) {
      byName.put(organisation.name(), organisation);
      var _ = domains.put(organisation.name(), organisation.domains());
      for (var provider : organisation.providers()) {
        configured.put(provider.issuer(), member(organisation, provider, Optional.empty()));
      }
    }
  }

  /// Loads the organisations and goes on following the record.
  ///
  /// @param configured those of the configuration
  public static Organisations open(List<Organisation> configured, Platform platform) {
    var organisations = new Organisations(configured, platform);
    platform.database().changes().follow(OrganisationTables.CHANGE, organisations.new Following());
    organisations.load(platform.database());
    return organisations;
  }

  @Override
  public Optional<EnrolledIssuer> find(Issuer issuer) {
    return member(issuer).map(Member::enrolled);
  }

  /// An issuer with the organisation that it speaks for. Empty also if it was enrolled a moment ago
  /// and is not any more.
  public Optional<Member> member(Issuer issuer) {
    return Optional.ofNullable(configured.get(issuer))
        .or(() -> Optional.ofNullable(enrolled.get(issuer)));
  }

  /// An organisation that a person belongs to, and what it lets them do by themselves.
  public sealed interface Management {
    /// It does not count now, and neither does anything that it has allowed.
    record Closed(String name, Standing standing) implements Management {}

    record EmaOnly(String name) implements Management {}

    record Both(Organisation organisation) implements Management {}
  }

  /// The organisations that manage a person: the one whose they are, and those whose mail domain
  /// their address is in. An address need not be proved for that: it can only take away.
  public List<Management> managing(Person person) {
    var names = new LinkedHashSet<String>();
    names.add(person.organisation());
    person.email().flatMap(EmailDomain::of).map(domains::holders).ifPresent(names::addAll);
    return names.stream().flatMap(name -> management(name).stream()).toList();
  }

  private Optional<Management> management(String name) {
    var organisation = Optional.ofNullable(byName.get(name));
    if (organisation.isPresent()) {
      return Optional.of(
          organisation.get().flows() == Flows.BOTH
              ? new Management.Both(organisation.get())
              : new Management.EmaOnly(name));
    }
    return Optional.ofNullable(records.get(name))
        .map(record -> new Management.Closed(name, record.standing()));
  }

  /// The organisation of the record that has named this issuer, whatever has become of it: for the
  /// audit record of a refusal.
  public Optional<EnrolledOrganisation> claimant(Issuer issuer) {
    return named.holders(issuer).stream()
        .flatMap(name -> Stream.ofNullable(records.get(name)))
        .findFirst();
  }

  /// Makes an issuer that waits for it active, by its first good assertion. Of several at once,
  /// also on several nodes, one is recorded as the first.
  ///
  /// @param assertionId its `jti`
  /// @return whether the issuer is active now; not if its time was up, or it was taken back
  ///   meanwhile
  public boolean activate(Member member, String assertionId, String correlationId) {
    var organisation = member.organisation().name();
    var issuer = member.provider().issuer();
    var now = platform.clock().instant();
    return platform
        .database()
        .write(connection -> {
          var tables = new OrganisationTables(connection);
          if (!tables.activate(organisation, issuer, now)) {
            return tables.isActive(organisation, issuer);
          }
          var evidence =
              JsonObject.builder().put("issuer", issuer.value()).put("jti", assertionId).build();
          AuditLog.append(
              connection,
              AuditEvent.of("organisation.active", Outcome.SUCCESS, now, correlationId, evidence)
                  .withOrganisation(organisation));
          platform
              .database()
              .changes()
              .append(
                  connection, OrganisationTables.CHANGE, OrganisationTables.change(organisation));
          return true;
        });
  }

  private Member member(
      Organisation organisation, IdentityProvider provider, Optional<Pending> pending) {
    var discovery =
        discoveries.computeIfAbsent(
            provider.issuer(),
            issuer ->
                new IssuerDiscovery(
                    platform.egress(), issuer, refreshOf(issuer), platform.clock()));
    var trust =
        new TrustedIssuer(
            provider.issuer(), provider.keys().over(discovery.keys()), provider.algorithms());
    return new Member(
        organisation,
        provider,
        new EnrolledIssuer(trust, provider.tenant(), organisation.tenant()),
        pending);
  }

  /// What a thousand issuers publish is fetched within seconds when a server begins. Each is due
  /// again at a time of its own, so that it is not so once more every ten minutes.
  private static Refresh refreshOf(Issuer issuer) {
    var usual = Refresh.DEFAULT;
    var earlier = Math.floorMod(issuer.value().hashCode(), MOST_SECONDS_EARLIER);
    return new Refresh(
        usual.after().minusSeconds(earlier), usual.backOff(), usual.retry(), usual.staleFor());
  }

  private final class Following implements Follower {
    @Override
    public void follow(List<Change> changes, Reading record) {
      var names = new HashSet<String>();
      for (var change : changes) {
        try {
          names.add(change.body().nonEmptyString("name"));
        } catch (MalformedException e) {
          throw new IllegalStateException("a change of an organisation cannot be read", e);
        }
      }
      refresh(names, record);
    }

    @Override
    public void reload(Reading record) {
      load(record);
    }
  }

  private void load(Reading record) {
    applied(() -> record.read(connection -> new OrganisationTables(connection).all()));
  }

  private void refresh(Set<String> names, Reading record) {
    for (var name : names) {
      applied(() ->
          record.read(connection ->
              new OrganisationTables(connection).find(name).map(List::of).orElse(List.of())));
    }
  }

  private interface Query {
    Collection<EnrolledOrganisation> read();
  }

  private void applied(Query query) {
    applying.lock();
    try {
      query.read().forEach(this::put);
    } finally {
      applying.unlock();
    }
  }

  private void put(EnrolledOrganisation record) {
    records.put(record.name(), record);
    var _ =
        named.put(
            record.name(),
            record.issuers().stream()
                .map(IssuerEnrolment::issuer)
                .collect(Collectors.toUnmodifiableSet()));
    if (!configuredNames.contains(record.name())) {
      var _ =
          domains.put(
              record.name(),
              record.standing() == Standing.REMOVED ? Set.of() : record.provenDomains());
    }
    var organisation = record.organisation();
    boolean counts = record.standing() == Standing.OPEN && !configuredNames.contains(record.name());
    var issuers = new HashSet<Issuer>();
    if (counts) {
      byName.put(record.name(), organisation);
      for (var provider : organisation.providers()) {
        if (configured.containsKey(provider.issuer())) {
          LOG.warn(
              "issuer {} of the organisation {} is in the configuration too, which has precedence",
              provider.issuer(),
              record.name());
          continue;
        }
        issuers.add(provider.issuer());
        enrolled.put(provider.issuer(), member(organisation, provider, pending(record, provider)));
      }
    } else if (!configuredNames.contains(record.name())) {
      byName.remove(record.name());
    }
    for (var former : trusted.put(record.name(), Set.copyOf(issuers))) {
      forget(record.name(), former);
    }
  }

  /// Unless it is another organisation's by now.
  private void forget(String name, Issuer issuer) {
    enrolled.computeIfPresent(
        issuer, (_, member) -> member.organisation().name().equals(name) ? null : member);
    if (member(issuer).isEmpty()) {
      discoveries.remove(issuer);
    }
  }

  private static Optional<Pending> pending(EnrolledOrganisation record, IdentityProvider provider) {
    return record
        .issuer(provider.issuer())
        .filter(one -> one.stage() == Stage.PENDING)
        .map(one ->
            new Pending(
                one.due(),
                one.proof().filter(proof -> proof != Proof.DOMAIN).isPresent()
                    ? new Confirmation.Anybody()
                    : new Confirmation.AddressIn(record.provenDomains())));
  }
}
