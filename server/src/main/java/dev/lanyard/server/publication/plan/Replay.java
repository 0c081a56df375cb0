package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.ExchangeRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.Decision.Permit;
import dev.lanyard.server.policy.Member;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Asks both libraries again what people really asked for: each recorded token exchange, as the
/// person is now, and as if the sign-in and the hour had met all conditions, because the record
/// does not say how people had signed in; and finds out when they last used what they would lose,
/// by exchanges, by redemptions, and tools by calls through the gateway. Not thread-safe.
///
/// Exchanges that were refused before policy was asked say nothing about policy and are left out.
public final class Replay {
  /// The type of the records of calls through the gateway.
  static final String CALL = "gateway.call";

  /// The types of the records to be handed in; where a tool is lost, calls as well.
  static Set<String> types(boolean isToolLost) {
    return isToolLost
        ? Set.of(ExchangeRecord.TYPE, Redeemed.TYPE, CALL)
        : Set.of(ExchangeRecord.TYPE, Redeemed.TYPE);
  }

  private final Comparison comparison;
  private final Clients clients;
  private final Redeemed redeemed;
  private final Function<PersonId, Optional<Person>> people;
  private final Map<Asked, Fate> answered = new HashMap<>();
  private final Map<Fate, Count> counts = new HashMap<>();
  private final Map<PersonId, Map<Access, Instant>> used = new HashMap<>();
  private long left;

  /// @param people finds somebody as they are now
  Replay(
      Comparison comparison,
      Clients clients,
      Redeemed redeemed,
      Function<PersonId, Optional<Person>> people) {
    this.comparison = comparison;
    this.clients = clients;
    this.redeemed = redeemed;
    this.people = people;
  }

  /// What becomes of a recorded exchange under the new library.
  public enum Fate {
    /// The same answer.
    SAME,
    /// Given with more than under the library in force.
    MORE,
    /// Given with less than under the library in force.
    LESS,
    /// Given by the library in force, refused by the new one.
    REFUSED,
    /// Refused by the library in force, given by the new one.
    GIVEN
  }

  /// How many exchanges, or redemptions, of how many people.
  public record Counted(long exchanges, int people) {}

  private static final class Count {
    private long exchanges;
    private final Set<PersonId> people = new HashSet<>();
  }

  /// What was asked for.
  record Question(
      ClientId client, Issuer audience, List<ResourceIndicator> resources, Scopes scopes) {}

  /// People of one sort get the same answer to the same question.
  private record Asked(Sensitivity.Sort sort, Question question) {}

  /// Takes one record.
  public void add(AuditEvent event) {
    try {
      if (event.type().equals(Redeemed.TYPE)) {
        redeemed(event);
        return;
      }
      if (event.type().equals(CALL)) {
        called(event);
        return;
      }
      var person = event.person().map(PersonId::new).flatMap(people);
      var exchange = ExchangeRecord.of(event);
      if (person.isEmpty()
          || event.client().isEmpty()
          || !event.evidence().has("decision")
          || exchange instanceof ExchangeRecord.Unreadable) {
        left++;
        return;
      }
      if (exchange instanceof ExchangeRecord.Issued issued) {
        remember(issued, event.evidence(), person.get());
      }
      add(event, person.get());
    } catch (MalformedException | IllegalArgumentException e) {
      // Written by another release of this program; a plan is not the place to fail for it.
      left++;
    }
  }

  private void redeemed(AuditEvent event) throws MalformedException {
    var grant = redeemed.grant(event);
    var person = grant.flatMap(one -> people.apply(new PersonId(one.person())));
    if (person.isEmpty()) {
      return;
    }
    boolean uses = false;
    for (var access : comparison.of(person.get()).lost()) {
      if (redeemed.gives(grant.orElseThrow(), access)) {
        used(person.get(), access, event.at());
        uses = true;
      }
    }
    if (uses) {
      redeemed.countLost(person.get().id());
    }
  }

  /// A call uses a tool and says nothing of scopes.
  private void called(AuditEvent event) throws MalformedException {
    var person = event.person().map(PersonId::new).flatMap(people);
    var tool = event.evidence().string("tool");
    if (event.outcome() != Outcome.SUCCESS
        || person.isEmpty()
        || event.client().isEmpty()
        || tool.isEmpty()) {
      return;
    }
    var client = new ClientId(event.client().get());
    var connector = event.evidence().string("connector").orElse("");
    for (var access : comparison.of(person.get()).lost()) {
      if (access.kind() == Access.Kind.TOOL
          && access.connector().equals(connector)
          && access.name().equals(tool.get())
          && redeemed.isThrough(client, access)) {
        used(person.get(), access, event.at());
      }
    }
  }

  private void add(AuditEvent event, Person person) throws MalformedException {
    var client = new ClientId(event.client().orElseThrow());
    var evidence = event.evidence();
    var question =
        new Question(
            clients.sort(client),
            new Issuer(evidence.string("audience").orElse("")),
            evidence.strings("resource").orElse(List.of()).stream()
                .map(ResourceIndicator::new)
                .toList(),
            scopes(evidence, "asked_scope"));
    var member = comparison.member(person);
    var fate =
        person.active()
            ? answered.computeIfAbsent(
                new Asked(comparison.sort(member), question), asked -> ask(member, asked))
            : Fate.SAME;
    var count = counts.computeIfAbsent(fate, _ -> new Count());
    count.exchanges++;
    count.people.add(person.id());
  }

  private static Scopes scopes(JsonObject evidence, String name) throws MalformedException {
    var text = evidence.string(name).orElse("");
    return text.isEmpty() ? Scopes.NONE : Scopes.parse(text);
  }

  private Fate ask(Member member, Asked asked) {
    return fate(
        comparison.before().decide(member, asked.question()),
        comparison.after().decide(member, asked.question()));
  }

  private static Fate fate(Decision before, Decision after) {
    if (!(before instanceof Permit had)) {
      return after instanceof Permit ? Fate.GIVEN : Fate.SAME;
    }
    if (!(after instanceof Permit has)) {
      return Fate.REFUSED;
    }
    if (!has.scopes().containsAll(had.scopes()) || !has.resources().containsAll(had.resources())) {
      return Fate.LESS;
    }
    return had.scopes().containsAll(has.scopes()) && had.resources().containsAll(has.resources())
        ? Fate.SAME
        : Fate.MORE;
  }

  /// When the person last used what they would lose.
  private void remember(ExchangeRecord.Issued issued, JsonObject evidence, Person person)
      throws MalformedException {
    var lost = comparison.of(person).lost();
    if (lost.isEmpty()) {
      return;
    }
    var client = issued.client().map(ClientId::new).map(clients::sort);
    var granted = scopes(evidence, "granted_scope");
    for (var access : lost) {
      if (client.equals(Optional.of(access.client()))
          && issued.connectors().contains(access.connector())
          && (access.kind() == Access.Kind.CONNECTOR || granted.contains(access.name()))) {
        used(person, access, issued.at());
      }
    }
  }

  private void used(Person person, Access access, Instant at) {
    used.computeIfAbsent(person.id(), _ -> new HashMap<>())
        .merge(access, at, (one, other) -> one.isAfter(other) ? one : other);
  }

  /// The redemptions among the records.
  Redeemed redeemed() {
    return redeemed;
  }

  /// What becomes of the exchanges that were replayed.
  public Counted count(Fate fate) {
    var count = counts.get(fate);
    return count == null ? new Counted(0, 0) : new Counted(count.exchanges, count.people.size());
  }

  /// How many were replayed.
  public long total() {
    return counts.values().stream().mapToLong(count -> count.exchanges).sum();
  }

  /// How many could not be: of people who are gone, or refused before policy was asked.
  public long leftOut() {
    return left;
  }

  /// When a person last used something that they would lose, within what was replayed.
  Optional<Instant> lastUse(PersonId person, Access access) {
    return Optional.ofNullable(used.getOrDefault(person, Map.of()).get(access));
  }
}
