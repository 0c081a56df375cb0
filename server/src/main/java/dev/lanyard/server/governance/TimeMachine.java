package dev.lanyard.server.governance;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonHistory;
import dev.lanyard.server.directory.PersonHistory.Past;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.governance.PastAccess.Use;
import dev.lanyard.server.governance.PastAccess.Verdict;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.DenyReason;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.History.InForce;
import dev.lanyard.server.publication.Proposal.Said;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who could reach what at an instant, through which rule, who approved it, and what was used
/// (AUD-7). The version of the role library that was in force then decides about who people were
/// then; conditions are evaluated for that instant, with a sign-in of which nothing is known.
///
/// **Does not know** what people were called then: an exception that names somebody, and a
/// condition about an address, are looked at with the name and the address of now. Nor what a
/// resource authorization server's own limits were, which are in its configuration.
public final class TimeMachine {
  private static final String EXCHANGE = "token.exchange";
  private static final Duration USE = Duration.ofDays(30);

  /// Who asks where every client is approved.
  private static final ClientId ANY = new ClientId("any-client");

  private final Moment moment;
  private final Directory directory;
  private final PersonHistory people;
  private final AuditLog audit;

  private TimeMachine(Moment moment, Directory directory, PersonHistory people, AuditLog audit) {
    this.moment = moment;
    this.directory = directory;
    this.people = people;
    this.audit = audit;
  }

  /// Goes to an instant.
  public static TimeMachine at(Instant at, Database database, Directory directory) {
    var people = new PersonHistory(database);
    var audit = new AuditLog(database);
    var inForce = new History(database).inForceAt(at);
    return new TimeMachine(
        Moment.of(at, people.begins(), inForce, Stops.at(audit, at)), directory, people, audit);
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

  /// What administrators had stopped: `connector https://…`, `organisation acme`, `all *`.
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

  /// How somebody stood at every connector that some rule of theirs was about.
  public List<PastAccess> of(Person person) {
    var past = past(person);
    if (past.isEmpty()) {
      return List.of();
    }
    var uses = uses(person);
    return moment.library().connectors().stream()
        .flatMap(connector ->
            access(person, past.get(), connector, uses.getOrDefault(connector.id(), Use.NONE))
                .stream())
        .toList();
  }

  /// How everybody stood at a connector for whom some rule was about it, by name.
  public List<PastAccess> at(Connector connector) {
    if (!moment.isKnown()) {
      return List.of();
    }
    var past = people.everybody(moment.at());
    // Also of those who are deleted by now the directory knows the id.
    return past.entrySet().stream()
        .flatMap(entry ->
            directory.person(new PersonId(entry.getKey())).stream()
                .flatMap(person -> access(person, entry.getValue(), connector, Use.NONE).stream()))
        .map(one -> one.verdict() == Verdict.WITHHELD ? one : withUse(one))
        .sorted(Comparator.comparing(one -> one.person().userName()))
        .toList();
  }

  private PastAccess withUse(PastAccess one) {
    return new PastAccess(
        one.person(),
        one.past(),
        one.connector(),
        one.verdict(),
        one.clients(),
        one.scopes(),
        one.rules(),
        uses(one.person()).getOrDefault(one.connector().id(), Use.NONE));
  }

  private Optional<PastAccess> access(Person person, Past past, Connector connector, Use used) {
    var decisions = new HashMap<String, Decision>();
    for (var client : clients()) {
      decisions.put(
          client.value(), moment.policy().decide(request(person, past, connector, client)));
    }
    var best =
        decisions.values().stream()
            .min(Comparator.comparing(TimeMachine::verdict).thenComparing(d -> -d.rules().size()))
            .orElseThrow();
    if (best.rules().isEmpty()) {
      return Optional.empty();
    }
    var given = verdict(best);
    var stopped =
        given != Verdict.WITHHELD
            && (past.standing() != Standing.ACTIVE
                || moment.stops().stop(connector, person.organisation()));
    return Optional.of(
        new PastAccess(
            person,
            past,
            connector,
            stopped ? Verdict.STOPPED : given,
            decisions.entrySet().stream()
                .filter(entry -> verdict(entry.getValue()) == given)
                .map(Map.Entry::getKey)
                .sorted()
                .toList(),
            best instanceof Decision.Permit permit ? permit.scopes().toString() : "",
            best.rules(),
            used));
  }

  private List<ClientId> clients() {
    var approved = moment.library().clients();
    return approved.isEmpty() ? List.of(ANY) : approved.stream().map(one -> one.id()).toList();
  }

  private AccessRequest request(Person person, Past past, Connector connector, ClientId client) {
    return new AccessRequest(
        new Member(person.id().value(), person.userName(), person.email(), past.groups()),
        client,
        connector.authorizationServer(),
        List.of(connector.resource()),
        Scopes.NONE,
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
        Set.of(EXCHANGE),
        Instant.EPOCH,
        moment.at(),
        record -> {
          var event = record.event();
          if (event.outcome() == Outcome.SUCCESS) {
            boolean recent = event.at().isAfter(moment.at().minus(USE));
            connectors(event)
                .forEach(connector ->
                    uses.merge(
                        connector,
                        new Use(Optional.of(event.at()), recent ? 1 : 0),
                        (one, other) -> new Use(other.last(), one.times() + other.times())));
          }
        });
    return uses;
  }

  private static List<String> connectors(AuditEvent event) {
    try {
      return new ArrayList<>(event.evidence().strings("connectors").orElse(List.of()));
    } catch (MalformedException e) {
      throw new IllegalStateException("an audit record of an exchange is not readable", e);
    }
  }
}
