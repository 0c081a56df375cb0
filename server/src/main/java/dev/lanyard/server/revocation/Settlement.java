package dev.lanyard.server.revocation;

import static java.util.Objects.requireNonNull;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Correlation.Match;
import dev.lanyard.server.revocation.SignalTable.Claim;
import dev.lanyard.server.revocation.Standings.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a batch of signals comes to, before it is written: who is switched, what is denied, what is
/// recorded. Decides and has no effect. For one thread.
final class Settlement {
  private final Instant now;
  private final Reach reach;
  private final Duration longestLife;
  private final Map<PersonId, Standing> standings;
  private final Function<PersonId, Set<PersonId>> seconds;
  private final Set<PersonId> off;
  private final Set<Denied> stopped;
  private final Map<PersonId, Boolean> switched = new HashMap<>();
  private final Map<Denied, DenyTable.Entry> denials = new HashMap<>();
  private final SessionEnds sessionsOfPeople = new SessionEnds();
  private final Set<String> sessions = new HashSet<>();
  private final Set<PersonId> withoutAddress = new HashSet<>();
  private final Set<PersonId> reevaluated = new HashSet<>();
  private final Set<PersonId> lookedAtAgain = new HashSet<>();
  private final List<AuditEvent> events = new ArrayList<>();
  private final List<Incident> incidents = new ArrayList<>();
  private final List<Alarm> alarms = new ArrayList<>();
  private final Map<PersonId, Standing> changedStandings = new HashMap<>();

  /// @param reach of a kill that comes now
  /// @param standings of everybody whom the signals are about
  /// @param seconds who else somebody is at the resource authorization server
  /// @param off who is switched off of those whom a signal would switch on
  /// @param stopped what of all that they are about is denied until somebody lifts it
  /// @param longestLife how long anything that was issued can live: so long a denial is kept
  Settlement(
      Reach reach,
      Map<PersonId, Standing> standings,
      Function<PersonId, Set<PersonId>> seconds,
      Set<PersonId> off,
      Set<Denied> stopped,
      Duration longestLife) {
    this.now = reach.now();
    this.reach = reach;
    this.standings = new HashMap<>(standings);
    this.seconds = seconds;
    this.off = new HashSet<>(off);
    this.stopped = new HashSet<>(stopped);
    this.longestLife = longestLife;
  }

  /// What all that was settled comes to.
  Settled outcome() {
    return new Settled(
        changedStandings,
        new Settled.People(
            switched(false), switched(true), withoutAddress, reevaluated, lookedAtAgain),
        sessionsOfPeople,
        sessions,
        denials,
        new Settled.Told(events, incidents, alarms));
  }

  private Set<PersonId> switched(boolean on) {
    return switched.entrySet().stream()
        .filter(entry -> entry.getValue() == on)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /// Settles one signal, after all that happened before it.
  Reaction settle(Received one) {
    var claim = one.claim();
    return switch (one.match()) {
      case Match.OnePerson(var person) -> person(claim, person);
      case Match.Sessions(var person, var ids) -> sessions(claim, person, ids);
      case Match.Thing(var what) -> thing(claim, what);
      case Match.Nobody() -> unsettled(claim, "signal.not-found", new Reaction.NotFound());
      case Match.Several(int matches) -> {
        alarms.add(ambiguous(claim.signal(), matches));
        yield unsettled(claim, "signal.ambiguous", new Reaction.Ambiguous(matches));
      }
    };
  }

  private Alarm ambiguous(Signal signal, int matches) {
    var detail =
        "%s says %s, and %d people match: nobody was touched. Find the person by"
            + " `lanyard audit --request %s` and act by hand, then make the identifier unique.";
    return new Alarm(
        "ambiguous-subject",
        signal.source().name() + " " + signal.id(),
        detail.formatted(signal.source().name(), signal.what(), matches, signal.correlationId()),
        now);
  }

  private Reaction person(Claim claim, Person person) {
    var signal = claim.signal();
    var effects = signal.what().effects();
    if (effects.isEmpty()) {
      return recorded(claim, Optional.of(person));
    }
    if (signal.what().isOfState()) {
      var standing = standings.get(person.id());
      if (standing != null && standing.outdates(signal, happenedAt(signal))) {
        return outdated(claim, person, standing);
      }
      note(person.id(), signal, standing);
      if (signal.what().has(Effect.SWITCH_ON) && !off.contains(person.id())) {
        return recorded(claim, Optional.of(person));
      }
    }
    var denied = new ArrayList<Denied>();
    var until = until(signal, person.id());
    for (var effect : effects) {
      switch (effect) {
        case SWITCH_OFF -> {
          off.add(person.id());
          switched.put(person.id(), false);
        }
        case SWITCH_ON -> {
          off.remove(person.id());
          switched.put(person.id(), true);
          // Also what a node with a fast clock has dated into the time after the kill.
          var all = reach.everythingOf(person.id());
          denied.add(deny(Denied.person(person.id().value()), all, signal));
        }
        case END_SESSIONS ->
            sessionsOfPeople.add(person.id().value(), until, signal.what().has(Effect.DENY_ALL));
        case DENY_ALL -> denied.add(deny(Denied.person(person.id().value()), until, signal));
        case DENY_SIGN_INS -> denied.add(deny(Denied.signIn(person.id().value()), until, signal));
        case DENY_ASSERTIONS -> {
          var all = reach.assertionsOf(person.id());
          denied.add(deny(Denied.assertion(person.id().value()), all, signal));
        }
        case REEVALUATE -> {
          reevaluated.add(person.id());
          // Nodes must judge by what the person is now; policy changes nothing about the person.
          if (signal.what() != Happening.POLICY_CHANGED) {
            lookedAtAgain.add(person.id());
          }
        }
        case FORGET_ADDRESS -> withoutAddress.add(person.id());
      }
    }
    denied.addAll(seconds(person, second -> until(signal, second), signal));
    return done(claim, eventType(signal.what()), Optional.of(person), denied);
  }

  /// Whoever else somebody is here has nothing that outlives a kill of theirs, of whatever sort:
  /// nobody could judge it. They are not switched: others may mean them, too.
  private List<Denied> seconds(Person person, Function<PersonId, Instant> upTo, Signal signal) {
    var denied = new ArrayList<Denied>();
    for (var second : seconds.apply(person.id())) {
      var until = upTo.apply(second);
      sessionsOfPeople.add(second.value(), until, true);
      denied.add(deny(Denied.person(second.value()), until, signal));
    }
    return denied;
  }

  private void note(PersonId id, Signal signal, @Nullable Standing known) {
    var at = happenedAt(signal);
    var next = known == null ? Standing.of(signal, at) : known.after(signal, at);
    standings.put(id, next);
    changedStandings.put(id, next);
  }

  /// A time in our future would outdate everything that happens until then.
  private Instant happenedAt(Signal signal) {
    return happenedAt(signal, now);
  }

  private static Instant happenedAt(Signal signal, Instant now) {
    return signal.occurredAt().isBefore(now) ? signal.occurredAt() : now;
  }

  private Instant until(Signal signal, PersonId person) {
    var until = until(signal, now);
    return until.equals(now) ? reach.everythingOf(person) : until;
  }

  /// What was issued up to then is dead. From some of what happened a while ago the person may have
  /// recovered: what has begun since then lives.
  static Instant until(Signal signal, Instant now) {
    if (!signal.what().mayBeOver() || signal.source().kind().usesOurClock()) {
      return now;
    }
    var latest = happenedAt(signal, now).plus(Standings.SKEW);
    return latest.isBefore(now) ? latest : now;
  }

  /// The person came back before we heard that they had gone: whatever they had before that is as
  /// dead as if we had heard in time.
  private Reaction outdated(Claim claim, Person person, Standing standing) {
    var signal = claim.signal();
    var denied = new ArrayList<Denied>();
    if (signal.what().has(Effect.SWITCH_OFF)) {
      denied.add(deny(Denied.person(person.id().value()), standing.at(), signal));
      sessionsOfPeople.add(person.id().value(), standing.at(), true);
      denied.addAll(seconds(person, _ -> standing.at(), signal));
    }
    var evidence =
        JsonObject.builder()
            .put("occurred_at", signal.occurredAt().toString())
            .put("newest_at", standing.at().toString())
            .put("newest", standing.what().map(Enum::name).orElse("none"))
            .put("newest_by", standing.source())
            .build();
    record(claim, "signal.outdated", Outcome.REFUSED, Optional.of(person), evidence);
    if (!denied.isEmpty()) {
      incidents.add(incident(claim, Optional.of(person), denied));
    }
    return new Reaction.Outdated(claim.incident(), standing.at());
  }

  private Reaction sessions(Claim claim, Person person, List<String> ids) {
    if (claim.signal().what().effects().isEmpty() || claim.signal().what() == Happening.ENABLED) {
      return recorded(claim, Optional.of(person));
    }
    var denied = new ArrayList<Denied>();
    for (var id : ids) {
      sessions.add(id);
      denied.add(deny(Denied.session(id), now, claim.signal()));
    }
    return done(claim, "session.ended", Optional.of(person), denied);
  }

  private Reaction thing(Claim claim, Denied what) {
    var signal = claim.signal();
    if (signal.what().effects().isEmpty()
        || (signal.what() == Happening.ENABLED && !what.kind().canBeLifted())) {
      return recorded(claim, Optional.empty());
    }
    if (what.kind().canBeLifted() && signal.what().has(Effect.SWITCH_OFF)) {
      stopped.add(what);
    } else if (signal.what() == Happening.ENABLED) {
      stopped.remove(what);
    }
    // Taking back what was issued lets nothing go on that is stopped.
    var leavesStop = what.kind().canBeLifted() && !signal.what().isOfState();
    var before = stopped.contains(what) ? Denial.UNTIL_LIFTED : before(what);
    var denied = deny(what, before, leavesStop, signal.reason());
    return done(claim, eventType(what, signal.what()), Optional.empty(), List.of(denied));
  }

  private Instant before(Denied what) {
    return what.isOfMany() ? reach.of(what) : now;
  }

  private Denied deny(Denied what, Instant before, Signal signal) {
    return deny(what, before, false, signal.reason());
  }

  private Denied deny(Denied what, Instant before, boolean leavesStop, String reason) {
    var last = before.isAfter(now) ? before : now;
    var until = before.equals(Denial.UNTIL_LIFTED) ? before : last.plus(longestLife);
    denials.merge(
        what,
        new DenyTable.Entry(new Denial(what, before, until), leavesStop, reason),
        DenyTable.Entry::and);
    return what;
  }

  private Reaction done(Claim claim, String event, Optional<Person> person, List<Denied> denied) {
    var evidence =
        JsonObject.builder().put("denied", denied.stream().map(Denied::written).toList()).build();
    record(claim, event, Outcome.SUCCESS, person, evidence);
    incidents.add(incident(claim, person, denied));
    return new Reaction.Done(claim.incident(), now, person.map(Person::id));
  }

  private Incident incident(Claim claim, Optional<Person> person, List<Denied> denied) {
    return new Incident(
        claim.incident(),
        claim.signal(),
        person,
        denied.stream().map(one -> requireNonNull(denials.get(one)).denial()).toList(),
        now);
  }

  private Reaction recorded(Claim claim, Optional<Person> person) {
    record(claim, "signal.recorded", Outcome.SUCCESS, person, JsonObject.EMPTY);
    return new Reaction.Recorded(claim.incident());
  }

  private Reaction unsettled(Claim claim, String event, Reaction reaction) {
    record(claim, event, Outcome.REFUSED, Optional.empty(), JsonObject.EMPTY);
    return reaction;
  }

  private void record(
      Claim claim, String type, Outcome outcome, Optional<Person> person, JsonObject more) {
    var signal = claim.signal();
    var evidence =
        JsonObject.builder()
            .put("reason", signal.reason())
            .put("what", signal.what().name())
            .put("source", signal.source().name())
            .put("signal", signal.id())
            .put("subject", claim.subject())
            .put("incident", claim.incident())
            .build()
            .with(more);
    var event = AuditEvent.of(type, outcome, now, signal.correlationId(), evidence);
    events.add(
        person
            .map(one -> event.withOrganisation(one.organisation()).withPerson(one.id().value()))
            .orElse(event));
  }

  private static String eventType(Happening what) {
    return switch (what) {
      case DISABLED -> "person.disabled";
      case ENABLED -> "person.enabled";
      case DELETED -> "person.deleted";
      case GROUPS_CHANGED, CLAIMS_CHANGED, POLICY_CHANGED -> "person.reevaluated";
      default -> "person.revoked";
    };
  }

  private static String eventType(Denied denied, Happening what) {
    var state =
        !denied.kind().canBeLifted()
            ? "revoked"
            : switch (what) {
              case DISABLED, DELETED -> "disabled";
              case ENABLED -> "enabled";
              default -> "revoked";
            };
    return denied.kind().name().toLowerCase(Locale.ROOT) + "." + state;
  }
}
