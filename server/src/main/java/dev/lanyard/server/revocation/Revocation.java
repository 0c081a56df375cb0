package dev.lanyard.server.revocation;

import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Correlation.Match;
import dev.lanyard.server.revocation.SignalTable.Key;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.SessionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// The kill: the one door through which every source comes, whatever has happened to a person, a
/// session, a grant, a client, a connector (DPR-1).
///
/// Claim on the signal, state, denial, change, audit and what is to be told outside are one
/// transaction. When a method returns, this node enforces it; every other node learns it from the
/// change feed, and stops granting if it cannot hear it. Thread-safe.
public final class Revocation {
  private static final Duration ENFORCED_WITHIN = Duration.ofSeconds(30);

  private final Database database;
  private final Directory directory;
  private final SessionStore sessions;
  private final DenySet denied;
  private final Optional<Losers> losers;
  private final Duration longestLife;
  private final InstantSource clock;
  private final Correlation correlation;
  private final List<Downstream> downstream = new CopyOnWriteArrayList<>();
  private volatile Meter meter = (_, _, _) -> {};

  /// Where rows say from when on nobody needs them.
  public static List<ExpiringTable> expiring() {
    return List.of(DenyTable.expiring(), SignalTable.expiring(), EarlyEnds.expiring());
  }

  /// @param losers who loses by policy; absent where no policy is in force
  /// @param longestLife how long anything that was issued can live: so long a denial is kept
  public Revocation(
      Database database,
      Directory directory,
      SessionStore sessions,
      DenySet denied,
      Optional<Losers> losers,
      Duration longestLife,
      InstantSource clock) {
    this.database = database;
    this.directory = directory;
    this.sessions = sessions;
    this.denied = denied;
    this.losers = losers;
    this.longestLife = longestLife;
    this.clock = clock;
    this.correlation = new Correlation(directory, sessions, database.changes());
  }

  /// What is dead on this node.
  public DenySet denied() {
    return denied;
  }

  /// Has somebody told of every kill from now on. To be called before anything is served.
  public void tells(Downstream somebody) {
    downstream.add(somebody);
  }

  /// Learns of every signal that has its effect on this node.
  public interface Meter {
    /// @param source where it came from
    /// @param reaction what became of it
    /// @param since how long after it was taken in
    void enforced(Source.Kind source, Reaction reaction, Duration since);
  }

  /// Has every signal measured from now on.
  public void measure(Meter by) {
    meter = by;
  }

  private void measured(List<Received> received, Map<String, Reaction> reactions, Instant takenIn) {
    var since = Duration.between(takenIn, clock.instant());
    for (var one : received) {
      meter.enforced(one.signal().source().kind(), reactionTo(one, reactions), since);
    }
  }

  private static Reaction reactionTo(Received one, Map<String, Reaction> reactions) {
    return Objects.requireNonNull(reactions.get(one.incident()));
  }

  /// Accepts what happened just now and has no identity of its own: an administrator's command, a
  /// theft that was noticed, a token that was given back.
  ///
  /// @param reason one sentence, for the record
  /// @param correlationId of the request that led to it
  public Reaction report(
      Source source, Subject subject, Happening what, String reason, String correlationId) {
    return accept(
        new Signal(
            source,
            OpaqueToken.identifier(),
            subject,
            what,
            clock.instant(),
            reason,
            correlationId));
  }

  /// Makes a grant dead that was recorded and whose first token nobody got, because something had
  /// killed it meanwhile.
  public void takeBack(String grant, String correlationId) {
    var _ =
        report(
            Source.of(Source.Kind.SERVER),
            new Subject.Grant(grant),
            Happening.TOKENS_REVOKED,
            "killed while it was being recorded",
            correlationId);
  }

  /// Accepts a signal. When this returns, its effect is durable and in force on this node.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if it is not: the source must be told so
  ///   that it sends it again
  public Reaction accept(Signal signal) {
    return acceptAll(List.of(signal)).getFirst();
  }

  /// Accepts signals in one transaction: all of them or none.
  ///
  /// @return what became of each, in their order
  public List<Reaction> acceptAll(List<Signal> signals) {
    var accepted = database.write(connection -> accept(connection, signals));
    accepted.enforce();
    return accepted.reactions();
  }

  /// Accepts signals in a transaction of the caller's, so that what they are about and its kill are
  /// one commit.
  public Accepted accept(Connection connection, List<Signal> signals) throws SQLException {
    var takenIn = clock.instant();
    var received = new ArrayList<Received>();
    for (var signal : signals) {
      received.add(Received.of(signal, correlation.of(connection, signal, takenIn)));
    }
    var fresh = fresh(connection, received, takenIn);
    var known = Standings.lock(connection, Received.people(received));
    // After the wait: a session that somebody began meanwhile is older than its end.
    var now = clock.instant();
    var settlement =
        new Settlement(
            new Reach(now, denied, known.denied()),
            known.standings(),
            directory.own()::seconds,
            directory.inactive(connection, switchedOn(received)),
            stopped(connection, received),
            longestLife);
    var reactions = new HashMap<String, Reaction>();
    fresh.stream()
        .sorted(Comparator.comparing(one -> one.signal().occurredAt()))
        .forEach(one -> reactions.put(one.incident(), settlement.settle(one)));
    addKnown(connection, received, reactions);
    var inOrder = received.stream().map(one -> reactionTo(one, reactions)).toList();
    return written(connection, settlement.outcome(), inOrder, now)
        .andThen(() -> measured(received, reactions, takenIn));
  }

  private static Set<PersonId> switchedOn(List<Received> received) {
    return Received.people(
        received.stream().filter(one -> one.signal().what().has(Effect.SWITCH_ON)).toList());
  }

  private static Set<Denied> stopped(Connection connection, List<Received> received)
      throws SQLException {
    var stopped = new HashSet<Denied>();
    for (var one : received) {
      if (one.match() instanceof Match.Thing(var what)
          && what.isOfMany()
          && DenySet.stop(connection, what).isPresent()) {
        stopped.add(what);
      }
    }
    return stopped;
  }

  /// Those that did not come before. One that means nobody is not claimed: when it is delivered
  /// again, its person may be known.
  private static List<Received> fresh(Connection connection, List<Received> received, Instant now)
      throws SQLException {
    var candidates = new HashMap<Key, Received>();
    received.stream()
        .filter(Received::isOfKnownSubject)
        .forEach(one -> candidates.putIfAbsent(one.key(), one));
    candidates
        .keySet()
        .retainAll(
            SignalTable.claim(
                connection, candidates.values().stream().map(Received::claim).toList(), now));
    var won = candidates.values().stream().map(Received::incident).collect(Collectors.toSet());
    return received.stream()
        .filter(one -> !one.isOfKnownSubject() || won.contains(one.incident()))
        .toList();
  }

  private static void addKnown(
      Connection connection, List<Received> received, Map<String, Reaction> reactions)
      throws SQLException {
    var known = received.stream().filter(one -> !reactions.containsKey(one.incident())).toList();
    var before =
        SignalTable.incidents(
            connection, known.stream().map(Received::key).collect(Collectors.toSet()));
    known.forEach(one ->
        reactions.put(
            one.incident(), new Reaction.AlreadyKnown(before.getOrDefault(one.key(), ""))));
  }

  private Accepted written(
      Connection connection, Settled settled, List<Reaction> reactions, Instant now)
      throws SQLException {
    var people = settled.people();
    var writes = database.writes(connection);
    Standings.write(writes, settled.standings());
    var byName = settled.sessionsOfPeople().write(connection, writes, sessions, now);
    sessions.end(writes, settled.sessions(), now);
    directory.setActive(writes, people.off(), false);
    directory.setActive(writes, people.on(), true);
    directory.forgetAddresses(connection, people.withoutAddress());
    AuditLog.append(writes, settled.told().events());
    Alarms.raise(connection, settled.told().alarms());
    // Of whoever is only switched off the change says everything: nobody has to read them again.
    var again = new HashSet<>(people.on());
    again.addAll(people.withoutAddress());
    again.addAll(people.lookedAtAgain());
    // Before the denials: who knows of a denial knows that its person is off.
    var change = directory.announce(connection, again, people.off());
    var denials =
        DenyTable.write(connection, writes, database.changes(), settled.denials(byName, now), now);
    writes.send();
    for (var somebody : downstream) {
      somebody.tell(connection, settled.told().incidents());
    }
    return new Accepted(
        reactions,
        again,
        () -> {
          // Who is refused because of a denial must not be let in by what asks for the person only.
          directory.switchOff(people.off());
          denied.apply(denials.get());
          // Of whoever is only off this node knows everything by now.
          if (!again.isEmpty()) {
            change.ifPresent(one -> database.changes().awaitApplied(one, ENFORCED_WITHIN));
          }
          // Done at another node, or here by a call that was never answered.
          if (reactions.stream().anyMatch(Reaction.AlreadyKnown.class::isInstance)) {
            database.changes().awaitCurrent(ENFORCED_WITHIN);
          }
          takeFromLosers(settled, now);
        });
  }

  /// If this process dies before, whoever makes the receipt finds them, or the reconciliation.
  private void takeFromLosers(Settled settled, Instant now) {
    var reevaluated = settled.people().reevaluated();
    if (reevaluated.isEmpty() || losers.isEmpty()) {
      return;
    }
    var causes = new HashMap<String, Loss.Cause>();
    for (var incident : settled.told().incidents()) {
      if (incident.signal().what().has(Effect.REEVALUATE)) {
        incident
            .person()
            .ifPresent(person -> causes.put(person.id().value(), Loss.Cause.of(incident)));
      }
    }
    var lost = new ArrayList<Loss>();
    for (var live : losers.get().among(reevaluated, now)) {
      var grant = live.grant().id();
      if (denied.denial(Origins.accessToken("", now).grant(Optional.of(grant))).isEmpty()) {
        lost.add(new Loss(grant, Objects.requireNonNull(causes.get(live.grant().person()))));
      }
    }
    take(lost, Source.Kind.POLICY, "policy does not give this any more");
  }

  /// Denies grants in consequence of what happened before, in its name: whoever was told of that
  /// learns of them in the same transaction.
  void take(List<Loss> losses, Source.Kind by, String reason) {
    if (losses.isEmpty()) {
      return;
    }
    database
        .write(connection -> {
          var now = clock.instant();
          var accepted =
              accept(connection, losses.stream().map(one -> one.signal(by, reason, now)).toList());
          for (var somebody : downstream) {
            somebody.tellLost(connection, losses, now);
          }
          return accepted;
        })
        .enforce();
  }
}
