package dev.lanyard.server.revocation;

import static java.util.Comparator.naturalOrder;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.ExchangeRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.clients.AgentSubject;
import dev.lanyard.server.delivery.Held;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.sessions.LiveGrant;
import dev.lanyard.server.sessions.LiveGrants;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Which access is out there, and until when it would live if it were cut now.
///
/// What our own resource authorization server issued is refused at once: by introspection and by
/// everybody who follows its denials; elsewhere it ends by itself. What a foreign one issued on our
/// ID-JAGs we can only stop renewing; how long its tokens live only it knows, or the catalogue says
/// it.
public final class Exposure {
  /// A foreign server may have given a token for a working day on any of these, at least.
  private static final Duration LOOK_BACK = Duration.ofHours(24);

  /// Longer than any token lives that an agent has for itself.
  private static final Duration AGENTS = Duration.ofMinutes(15);

  /// How many records of one person are read at once.
  private static final int PAGE = 1000;

  private final LiveGrants grants;
  private final AuditLog audit;
  private final DenySet denied;
  private final Catalog catalog;
  private final Supplier<KnownWorld> known;
  private final Optional<Ours> ours;
  private final Duration idJagLife;
  private final InstantSource clock;

  /// @param known what is known of the servers of others
  /// @param ours our own resource authorization server, if there is one
  /// @param idJagLife how long an ID-JAG of our broker can be redeemed
  public Exposure(
      LiveGrants grants,
      AuditLog audit,
      DenySet denied,
      Catalog catalog,
      Supplier<KnownWorld> known,
      Optional<Ours> ours,
      Duration idJagLife,
      InstantSource clock) {
    this.grants = grants;
    this.audit = audit;
    this.denied = denied;
    this.catalog = catalog;
    this.known = known;
    this.ours = ours;
    this.idJagLife = idJagLife;
    this.clock = clock;
  }

  /// Our own resource authorization server.
  ///
  /// @param bound how the server of a resource cannot but hear of a kill; empty if it has to follow
  public record Ours(Issuer issuer, Function<ResourceIndicator, Optional<Held.Bound>> bound) {}

  /// Access to one connector.
  ///
  /// @param connector its name in the role library, or its resource where it is not there
  /// @param resource its identifier
  /// @param server who issues its tokens, if known
  /// @param reach whether a kill gets there
  /// @param bound how its server cannot but hear of it, if it is ours
  /// @param people how many have access
  /// @param agents how many clients have it for themselves
  /// @param tokens how many grants or ID-JAGs that is
  /// @param knownUntil when the last of what we know of ends: at our own server a token, at a
  ///   foreign one the last ID-JAG that it may still redeem, and not what it gave for it
  /// @param atMost when the last token ends that a foreign server may have given, if somebody has
  ///   said how long they live
  public record Access(
      String connector,
      ResourceIndicator resource,
      Optional<Issuer> server,
      Reach reach,
      Optional<Held.Bound> bound,
      int people,
      int agents,
      int tokens,
      Instant knownUntil,
      Optional<AtMost> atMost) {

    /// When it is over if nobody does anything; empty if only a foreign server knows.
    public Optional<Instant> endsByItself() {
      return reach == Reach.OURS ? Optional.of(knownUntil) : Optional.empty();
    }

    public JsonObject toJson() {
      return JsonObject.builder()
          .put("connector", connector)
          .putIfPresent("authorization_server", server.map(Issuer::value))
          .put("reach", reach.name())
          .put("people", people)
          .put("agents", agents)
          .put("tokens", tokens)
          .putIfPresent("ends_by_itself", endsByItself().map(Instant::toString))
          .putIfPresent("until_at_most", atMost.map(one -> one.until().toString()))
          .putIfPresent("until_at_most_by", atMost.map(AtMost::source))
          .put("if_cut_now", ifCutNow())
          .build();
    }

    /// What would be left of it.
    public String ifCutNow() {
      return switch (reach) {
        case OURS -> ifOursIsCut();
        case FOREIGN ->
            "no new token from %s at the latest; tokens it has issued live %s"
                .formatted(
                    knownUntil,
                    atMost
                        .map(one -> "until %s at most (%s)".formatted(one.until(), one.source()))
                        .orElse("as long as that server lets them"));
      };
    }

    private String ifOursIsCut() {
      return bound
          .map(one -> "ends " + one.told())
          .orElse(
              "ends at once where its server asks or follows; else its tokens live until %s at the latest"
                  .formatted(knownUntil));
    }
  }

  /// When tokens of a foreign server have ended.
  ///
  /// @param source who says how long they live, for people
  public record AtMost(Instant until, String source) {}

  /// Whether a kill gets there.
  public enum Reach {
    /// Our own resource authorization server.
    OURS,
    /// Somebody else's: we can only stop renewing.
    FOREIGN
  }

  /// The access of one person, or of everybody.
  public List<Access> of(Optional<PersonId> person) {
    var now = clock.instant();
    var found = new LinkedHashMap<String, Tally>();
    if (person.isPresent()) {
      grants.of(List.of(person.get().value()), now).forEach(live -> count(live, found));
    } else {
      grants.forEach(now, live -> count(live, found));
      audit.each(
          Set.of("token.agent"),
          now.minus(AGENTS),
          record -> {
            if (record.event().outcome() == Outcome.SUCCESS) {
              countAgent(record, found);
            }
          });
    }
    countForeign(person, now, found);
    return found.values().stream().map(Tally::access).toList();
  }

  /// What a kill would not reach: access at servers of others, of one person or of everybody, and
  /// until when. How many that are is counted for the last day only, where anything was exchanged
  /// in it: older exchanges end sooner, and of a month there may be millions.
  ///
  /// @param resources of which connectors; empty for all
  public List<Access> foreign(Optional<PersonId> person, Set<String> resources) {
    var now = clock.instant();
    var servers = servers(now);
    servers
        .values()
        .removeIf(one -> !resources.isEmpty() && !resources.contains(one.resource().value()));
    // Most installations have none, and then there is nothing to be read.
    if (servers.isEmpty()) {
      return List.of();
    }
    var found = new LinkedHashMap<String, Tally>();
    var seen = new HashSet<String>();
    eachExchange(
        person,
        now.minus(LOOK_BACK),
        issued -> {
          count(issued, now, servers, found);
          seen.addAll(issued.connectors());
        });
    servers.keySet().removeAll(seen);
    var longest = longest(servers);
    if (longest.compareTo(LOOK_BACK) > 0) {
      eachExchange(person, now.minus(longest), issued -> count(issued, now, servers, found));
    }
    return found.values().stream().map(Tally::access).toList();
  }

  private void count(LiveGrant live, Map<String, Tally> found) {
    var grant = live.grant();
    if (denied.denial(Origins.of(live)).isPresent()) {
      return;
    }
    for (var resource : grant.resources()) {
      tally(resource, Reach.OURS, found).add(grant.person(), grant.expiresAt());
    }
  }

  /// What agents were given are tokens for minutes, which are in no other record.
  private void countAgent(AuditRecord record, Map<String, Tally> found) {
    var event = record.event();
    var client = event.client().map(ClientId::new);
    if (client.isEmpty() || ours.isEmpty()) {
      return;
    }
    var evidence = event.evidence();
    try {
      var resources =
          evidence.strings("resource").orElse(List.of()).stream()
              .map(ResourceIndicator::new)
              .toList();
      var subject = AgentSubject.of(client.get());
      var origins =
          Origins.accessToken(subject, event.at())
              .token(evidence.string("token").orElse(""))
              .grant(evidence.string("grant"))
              .client(ours.get().issuer(), client.get())
              .resources(resources);
      if (denied.denial(origins).isEmpty()) {
        resources.forEach(resource ->
            tally(resource, Reach.OURS, found).addAgent(subject, event.at().plus(AGENTS)));
      }
    } catch (MalformedException e) {
      // As of an exchange: one that cannot be read keeps the others from nobody.
    }
  }

  /// Every exchange that succeeded, however many there are: a signed receipt must not leave out a
  /// connector because others were busier.
  private void eachExchange(
      Optional<PersonId> person, Instant since, Consumer<ExchangeRecord.Issued> reader) {
    Consumer<AuditRecord> succeeded =
        record -> {
          if (ExchangeRecord.of(record.event()) instanceof ExchangeRecord.Issued issued) {
            reader.accept(issued);
          }
        };
    if (person.isEmpty()) {
      audit.each(Set.of(ExchangeRecord.TYPE), since, succeeded);
      return;
    }
    var query = AuditQuery.newest(PAGE).ofType(ExchangeRecord.TYPE).ofPerson(person.get().value());
    var page = audit.query(query);
    while (!page.isEmpty()) {
      page.stream().filter(record -> !record.event().at().isBefore(since)).forEach(succeeded);
      var oldest = page.getFirst();
      page =
          page.size() < PAGE || oldest.event().at().isBefore(since)
              ? List.of()
              : audit.query(query.before(oldest.sequence()));
    }
  }

  private void countForeign(Optional<PersonId> person, Instant now, Map<String, Tally> found) {
    var servers = servers(now);
    eachExchange(person, now.minus(longest(servers)), issued -> count(issued, now, servers, found));
  }

  /// Those of others, by their connectors.
  private Map<String, Foreign> servers(Instant now) {
    var day = LocalDate.ofInstant(now, ZoneOffset.UTC);
    var servers = new HashMap<String, Foreign>();
    for (var connector : catalog.all()) {
      if (!ours.map(Ours::issuer).equals(Optional.of(connector.authorizationServer()))) {
        var life = known.get().tokenLife(connector, day);
        servers.put(connector.id(), new Foreign(connector.resource(), life));
      }
    }
    return servers;
  }

  private Duration longest(Map<String, Foreign> servers) {
    return servers.values().stream()
        .map(server -> server.counts(idJagLife))
        .max(naturalOrder())
        .orElse(LOOK_BACK);
  }

  /// A server of others.
  ///
  /// @param life how long its tokens live, if somebody has said so
  private record Foreign(ResourceIndicator resource, Optional<KnownWorld.TokenLife> life) {
    /// How long an exchange counts: as long as a token may live that was got at the last moment of
    /// the ID-JAG.
    Duration counts(Duration idJagLife) {
      return life.map(said -> said.life().plus(idJagLife))
          .filter(one -> one.compareTo(LOOK_BACK) > 0)
          .orElse(LOOK_BACK);
    }
  }

  /// An ID-JAG for a server that is not ours; for ours the grants are counted.
  private void count(
      ExchangeRecord.Issued issued,
      Instant now,
      Map<String, Foreign> servers,
      Map<String, Tally> found) {
    var expires = issued.at().plus(idJagLife);
    for (var id : issued.connectors()) {
      var server = servers.get(id);
      if (server != null && !issued.at().plus(server.counts(idJagLife)).isBefore(now)) {
        var tally = tally(server.resource(), Reach.FOREIGN, found);
        tally.add(issued.person().orElse(""), later(expires, now));
        server
            .life()
            .ifPresent(
                said -> tally.atMost(later(expires.plus(said.life()), now), said.by().toString()));
      }
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private Tally tally(ResourceIndicator resource, Reach reach, Map<String, Tally> found) {
    return found.computeIfAbsent(
        reach + resource.value(),
        _ ->
            new Tally(
                resource,
                catalog.byResource(resource),
                reach,
                ours.flatMap(one -> one.bound().apply(resource))));
  }

  private static final class Tally {
    private final ResourceIndicator resource;
    private final Optional<Connector> connector;
    private final Reach reach;
    private final Optional<Held.Bound> bound;
    private final Set<String> people = new HashSet<>();
    private final Set<String> agents = new HashSet<>();
    private int tokens;
    private Instant last = Instant.MIN;
    private Optional<AtMost> atMost = Optional.empty();

    Tally(
        ResourceIndicator resource,
        Optional<Connector> connector,
        Reach reach,
        Optional<Held.Bound> bound) {
      this.resource = resource;
      this.connector = connector;
      this.reach = reach;
      this.bound = bound;
    }

    void add(String person, Instant until) {
      people.add(person);
      count(until);
    }

    void addAgent(String agent, Instant until) {
      agents.add(agent);
      count(until);
    }

    private void count(Instant until) {
      tokens++;
      last = later(until, last);
    }

    void atMost(Instant until, String source) {
      atMost =
          Optional.of(
              new AtMost(atMost.map(one -> later(one.until(), until)).orElse(until), source));
    }

    Access access() {
      return new Access(
          connector.map(Connector::id).orElse(resource.value()),
          resource,
          connector.map(Connector::authorizationServer),
          reach,
          bound,
          people.size(),
          agents.size(),
          tokens,
          last,
          atMost);
    }
  }
}
