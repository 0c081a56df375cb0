package dev.lanyard.server.governance;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.audit.ExchangeRecord;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonHistory;
import dev.lanyard.server.directory.PersonHistory.Past;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.governance.PastAccess.Use;
import dev.lanyard.server.governance.PastAccess.Verdict;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.LibraryReadings;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.DenyReason;
import dev.lanyard.server.policy.Rule;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.History.InForce;
import dev.lanyard.server.publication.PeopleRecord;
import dev.lanyard.server.publication.Proposal.Said;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Who could reach what at an instant, through which rule, who approved it, and what was used
/// (AUD-7). The version of the role library that was in force then decides about who people were
/// then; conditions are evaluated for that instant, with a sign-in of which nothing is known.
///
/// **Does not know** what people were called then: an exception that names somebody, and a
/// condition about an address, are looked at with the name and the address of now. Nor what a
/// resource authorization server's own limits were, which are in its configuration.
public final class TimeMachine {
  private static final Duration USE = Duration.ofDays(30);

  /// People whose past is read in one go: more than are on one page, mostly.
  private static final int CHUNK = 100;

  /// As [#place], without making it for each comparison.
  private static final Comparator<Person> BY_PLACE =
      Comparator.comparing(Person::userName).thenComparing(person -> person.id().value());

  private static final Comparator<Way> BEST_FIRST =
      Comparator.comparing(Way::verdict)
          .thenComparing(way -> -way.rules().size())
          .thenComparing(Way::scopes);

  private final Moment moment;
  private final Directory directory;
  private final PersonHistory people;
  private final AuditLog audit;
  private final Optional<Issuer> broker;
  private final Forgotten forgotten;

  private TimeMachine(
      Moment moment,
      Directory directory,
      PersonHistory people,
      AuditLog audit,
      Optional<Issuer> broker,
      Forgotten forgotten) {
    this.moment = moment;
    this.directory = directory;
    this.people = people;
    this.audit = audit;
    this.broker = broker;
    this.forgotten = forgotten;
  }

  /// Goes to an instant.
  ///
  /// @param broker whose assertions lead to connectors, and by whom clients may have been switched
  ///   off, beside the authorization servers of connectors
  /// @param readings what files were read already
  public static TimeMachine at(
      Instant at,
      Database database,
      Directory directory,
      Optional<Issuer> broker,
      LibraryReadings readings) {
    var people = new PersonHistory(database);
    var audit = new AuditLog(database);
    var inForce = new History(database).inForceAt(at);
    var stops = new Stops(at);
    var forgotten = new Forgotten();
    audit.lasting(record -> {
      stops.add(record);
      forgotten.add(record.event());
    });
    return new TimeMachine(
        Moment.of(at, people.begins(), inForce, readings, new PeopleRecord(database).at(at), stops),
        directory,
        people,
        audit,
        broker,
        forgotten);
  }

  /// Before this nobody wrote down who people were: what is told of an instant before it holds for
  /// nobody. Empty if the instant is known.
  public Optional<Instant> unknownBefore() {
    return moment.isKnown() ? Optional.empty() : moment.begins();
  }

  /// The version of the role library that was in force.
  public Optional<InForce> inForce() {
    return moment.inForce();
  }

  /// The second person who agreed to it.
  public Optional<Said> approved() {
    return moment.approved();
  }

  /// What administrators had stopped: `connector https://…`, `issuer https://…`, `all *`.
  public List<String> stopped() {
    return moment.stops().all();
  }

  /// What decided, for programs.
  public JsonObject toJson() {
    return moment.toJson();
  }

  /// The connectors that there were, by name.
  public List<Connector> connectors() {
    return moment.library().connectors();
  }

  /// What somebody was; empty if they were not there yet.
  public Optional<Past> past(Person person) {
    return moment.isKnown() ? people.of(person.id(), moment.at()) : Optional.empty();
  }

  /// The groups of somebody that led to nothing, since the library meant other people.
  public Set<String> uncounted(Person person, Past past) {
    var uncounted = new TreeSet<>(past.groups());
    uncounted.removeAll(moment.people().member(person, past.groups()).groups());
    return uncounted;
  }

  /// How somebody stood at every connector that some rule of theirs was about.
  public List<PastAccess> of(Person person) {
    var past = past(person);
    if (past.isEmpty()) {
      return List.of();
    }
    var uses = uses(person);
    return moment.library().connectors().stream()
        .flatMap(connector ->
            access(person, past.get(), connector, uses.getOrDefault(connector.id(), unused()))
                .stream())
        .toList();
  }

  /// How everybody stood at a connector for whom some rule was about it, by [#place].
  public List<PastAccess> at(Connector connector) {
    return standing(connector, _ -> true).flatMap(List::stream).map(this::withUse).toList();
  }

  /// The same of some people, person by person, without what was used, which is looked for person
  /// by person: see [#withUse]. Who they were is looked for as far as the stream is read, so that a
  /// page of very many costs no more than a page.
  public Stream<List<PastAccess>> standing(Connector connector, Predicate<Person> whom) {
    if (!moment.isKnown()) {
      return Stream.empty();
    }
    var some = concerned(connector).filter(whom).sorted(BY_PLACE);
    return Chunks.of(some.toList(), CHUNK).stream()
        .flatMap(chunk -> {
          var past = people.of(chunk.stream().map(Person::id).toList(), moment.at());
          return chunk.stream()
              .filter(person -> past.containsKey(person.id().value()))
              .map(person ->
                  access(
                      person,
                      Objects.requireNonNull(past.get(person.id().value())),
                      connector,
                      unused()));
        });
  }

  /// By this people are in order: their name, and their id if two have the same.
  public static String place(Person person) {
    return person.userName() + "\0" + person.id().value() + "\0";
  }

  /// Whom some rule of a connector was about. Also of those who are deleted by now the directory
  /// knows the id.
  private Stream<Person> concerned(Connector connector) {
    var concerned = moment.policy().concerned(connector.id());
    var members = people.members(concerned.groups(), moment.at());
    var named =
        concerned.people().isEmpty()
            ? Stream.<Person>empty()
            : directory.all().stream()
                .filter(person -> concerned.names(moment.people().member(person)))
                .filter(person -> !members.contains(person.id()));
    return Stream.concat(
        members.stream().flatMap(member -> directory.person(member).stream()), named);
  }

  /// The same with what was used. Of whoever had nothing it is not asked.
  public PastAccess withUse(PastAccess one) {
    if (one.verdict() == Verdict.WITHHELD) {
      return one;
    }
    return new PastAccess(
        one.person(),
        one.past(),
        one.connector(),
        one.verdict(),
        one.clients(),
        one.scopes(),
        one.rules(),
        uses(one.person()).getOrDefault(one.connector().id(), unused()));
  }

  /// What was given in one way, which is that of some clients.
  private record Way(Verdict verdict, String scopes, List<Rule> rules) {}

  /// One for each way in which it was given, the best first: what one client was given is not said
  /// of another. Where some client was given anything, those that were not are left out.
  private List<PastAccess> access(Person person, Past past, Connector connector, Use used) {
    var ways = new HashMap<Way, List<String>>();
    for (var client : clients()) {
      var decision = moment.policy().decide(request(person, past, connector, client));
      if (!decision.rules().isEmpty()) {
        ways.computeIfAbsent(
                way(decision, isStopped(person, past, connector, client)), _ -> new ArrayList<>())
            .add(client.value());
      }
    }
    boolean given = ways.keySet().stream().anyMatch(way -> way.verdict() != Verdict.WITHHELD);
    return ways.entrySet().stream()
        .filter(entry -> !given || entry.getKey().verdict() != Verdict.WITHHELD)
        .sorted(Map.Entry.comparingByKey(BEST_FIRST))
        .limit(given ? Long.MAX_VALUE : 1)
        .map(entry ->
            new PastAccess(
                person,
                past,
                connector,
                entry.getKey().verdict(),
                entry.getValue().stream().sorted().toList(),
                entry.getKey().scopes(),
                entry.getKey().rules(),
                used))
        .toList();
  }

  private static Way way(Decision decision, boolean stopped) {
    var verdict = verdict(decision);
    return new Way(
        stopped && verdict != Verdict.WITHHELD ? Verdict.STOPPED : verdict,
        decision instanceof Decision.Permit permit ? permit.scopes().toString() : "",
        decision.rules());
  }

  private boolean isStopped(Person person, Past past, Connector connector, ClientId client) {
    var servers = Stream.concat(broker.stream(), Stream.of(connector.authorizationServer()));
    return past.standing() != Standing.ACTIVE
        || moment.stops().stop(connector, person.organisation())
        || broker.filter(moment.stops()::stop).isPresent()
        || moment.stops().stop(client, servers);
  }

  private List<ClientId> clients() {
    var approved = moment.library().clients();
    return approved.isEmpty()
        ? List.of(AccessRequest.ANY_CLIENT)
        : approved.stream().map(one -> one.id()).toList();
  }

  private AccessRequest request(Person person, Past past, Connector connector, ClientId client) {
    return AccessRequest.forAllOf(
        connector,
        moment.people().member(person, past.groups()),
        client,
        AuthenticationContext.UNKNOWN,
        moment.at());
  }

  private static Verdict verdict(Decision decision) {
    return switch (decision) {
      case Decision.Permit _ -> Verdict.REACHED;
      case Decision.StepUp _ -> Verdict.UNDER_CONDITIONS;
      case Decision.Deny(DenyReason.ConditionNotMet _, var rules, _)
          when rules.stream().anyMatch(rule -> !rule.conditions().isEmpty()) ->
          Verdict.UNDER_CONDITIONS;
      case Decision.Deny _ -> Verdict.WITHHELD;
    };
  }

  /// By connector, what was issued to somebody until then.
  private Map<String, Use> uses(Person person) {
    var uses = new HashMap<String, Use>();
    audit.eachOf(
        person.id().value(),
        Set.of(ExchangeRecord.TYPE),
        Instant.EPOCH,
        moment.at(),
        record -> {
          if (ExchangeRecord.of(record.event())
              instanceof ExchangeRecord.Issued(var when, _, _, var connectors)) {
            boolean recent = when.isAfter(moment.at().minus(USE));
            connectors.forEach(connector ->
                uses.merge(
                    connector,
                    new Use(Optional.of(when), recent ? 1 : 0, unused().unknownBefore()),
                    Use::then));
          }
        });
    return uses;
  }

  /// What is known of whoever has used nothing that is still recorded.
  private Use unused() {
    var from = moment.at().minus(USE);
    return new Use(
        Optional.empty(), 0, forgotten.before(EventClass.ISSUANCE).filter(from::isBefore));
  }
}
