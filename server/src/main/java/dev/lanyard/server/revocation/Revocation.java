package dev.lanyard.server.revocation;

import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Correlation.Match;
import dev.lanyard.server.revocation.SignalTable.Claim;
import dev.lanyard.server.revocation.SignalTable.Key;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.SessionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
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
import java.util.stream.IntStream;

/// The kill: the one door through which every source comes, whatever has happened to a person, a
/// session, a grant, a client, a connector (DPR-1).
///
/// Claim on the signal, state, denial, change, audit and what is to be told outside are one
/// transaction. When a method returns, this node enforces it; every other node learns it from the
/// change feed, and stops granting if it cannot hear it. Thread-safe.
public final class Revocation {
  private static final int MOST_AT_ONCE = 5000;
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

  private void measured(List<Signal> signals, List<Reaction> reactions, Instant takenIn) {
    var since = Duration.between(takenIn, clock.instant());
    for (int i = 0; i < signals.size(); i++) {
      meter.enforced(signals.get(i).source().kind(), reactions.get(i), since);
    }
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

  /// Takes from people what policy does not give them any more, and leaves them everything else:
  /// after a publication, or when an exception has ended. ID-JAGs that are not redeemed yet are
  /// dead; clients get new ones silently.
  ///
  /// @return the grants that were revoked
  public List<String> reevaluate(Collection<PersonId> people, String reason, String correlationId) {
    var now = clock.instant();
    var revoked = new ArrayList<String>();
    for (var chunk : Chunks.of(List.copyOf(people), MOST_AT_ONCE)) {
      var signals =
          chunk.stream()
              .map(person ->
                  new Signal(
                      Source.of(Source.Kind.POLICY),
                      OpaqueToken.identifier(),
                      new Subject.Person(person),
                      Happening.POLICY_CHANGED,
                      now,
                      reason,
                      correlationId))
              .toList();
      revoked.addAll(database.write(connection -> accept(connection, signals)).enforce());
    }
    return revoked;
  }

  /// Accepts signals in a transaction of the caller's, so that what they are about and its kill are
  /// one commit.
  public Accepted accept(Connection connection, List<Signal> signals) throws SQLException {
    var takenIn = clock.instant();
    var matches = new ArrayList<Match>();
    for (var signal : signals) {
      matches.add(correlation.of(connection, signal, takenIn));
    }
    var claims = new ArrayList<Claim>();
    for (int i = 0; i < signals.size(); i++) {
      claims.add(claim(signals.get(i), matches.get(i)));
    }
    var first = firstOfTheirKind(connection, claims, matches, takenIn);
    var people = Settlement.people(matches);
    var known = Standings.lock(connection, people);
    // After the wait: a session that somebody began meanwhile is older than its end.
    var now = clock.instant();
    var settlement =
        new Settlement(
            new Reach(now, denied, known.denied()),
            known.standings(),
            directory.own()::seconds,
            directory.inactive(connection, switchedOn(signals, matches)),
            stopped(connection, matches),
            longestLife);
    var reactions = new HashMap<Integer, Reaction>();
    for (int i : inOrderOfTheirTimes(signals)) {
      var claim = claims.get(i);
      if (!isKnownSubject(matches.get(i)) || first.contains(i)) {
        reactions.put(i, settlement.settle(claim, matches.get(i)));
      }
    }
    addKnown(connection, claims, reactions);
    var inOrder = inOrder(reactions);
    return written(connection, settlement, inOrder, now)
        .andThen(() -> measured(signals, inOrder, takenIn));
  }

  private static Set<PersonId> switchedOn(List<Signal> signals, List<Match> matches) {
    var switching =
        IntStream.range(0, signals.size())
            .filter(i -> signals.get(i).what().has(Effect.SWITCH_ON))
            .mapToObj(matches::get)
            .toList();
    return Settlement.people(switching);
  }

  private static Set<Denied> stopped(Connection connection, List<Match> matches)
      throws SQLException {
    var stopped = new HashSet<Denied>();
    for (var match : matches) {
      if (match instanceof Match.Thing(var what)
          && what.isOfMany()
          && DenySet.stop(connection, what).isPresent()) {
        stopped.add(what);
      }
    }
    return stopped;
  }

  private static Claim claim(Signal signal, Match match) {
    return switch (match) {
      case Match.OnePerson(var person) ->
          Claim.of(signal, "PERSON " + person.id(), Optional.of(person.id()));
      case Match.Sessions(var person, var ids) ->
          Claim.of(signal, "SESSION " + String.join(" ", ids), Optional.of(person.id()));
      case Match.Thing(var what) ->
          Claim.of(signal, what.kind() + " " + what.value(), Optional.empty());
      case Match.Nobody(), Match.Several(_) ->
          Claim.of(signal, signal.subject().getClass().getSimpleName(), Optional.empty());
    };
  }

  private static boolean isKnownSubject(Match match) {
    return !(match instanceof Match.Nobody) && !(match instanceof Match.Several);
  }

  /// Which signals are new. One that means nobody is not claimed: when it is delivered again, its
  /// person may be known.
  private static Set<Integer> firstOfTheirKind(
      Connection connection, List<Claim> claims, List<Match> matches, Instant now)
      throws SQLException {
    var candidates = new HashMap<Key, Integer>();
    for (int i = 0; i < claims.size(); i++) {
      if (isKnownSubject(matches.get(i))) {
        candidates.putIfAbsent(Key.of(claims.get(i).signal()), i);
      }
    }
    var won =
        SignalTable.claim(connection, candidates.values().stream().map(claims::get).toList(), now);
    candidates.keySet().retainAll(won);
    return new HashSet<>(candidates.values());
  }

  private static List<Integer> inOrderOfTheirTimes(List<Signal> signals) {
    return IntStream.range(0, signals.size())
        .boxed()
        .sorted(Comparator.comparing(i -> signals.get(i).occurredAt()))
        .toList();
  }

  private static void addKnown(
      Connection connection, List<Claim> claims, Map<Integer, Reaction> reactions)
      throws SQLException {
    var known = new HashMap<Integer, Key>();
    for (int i = 0; i < claims.size(); i++) {
      if (!reactions.containsKey(i)) {
        known.put(i, Key.of(claims.get(i).signal()));
      }
    }
    var incidents = SignalTable.incidents(connection, new HashSet<>(known.values()));
    known.forEach(
        (i, key) -> reactions.put(i, new Reaction.AlreadyKnown(incidents.getOrDefault(key, ""))));
  }

  private static List<Reaction> inOrder(Map<Integer, Reaction> reactions) {
    return IntStream.range(0, reactions.size())
        .mapToObj(i -> Optional.ofNullable(reactions.get(i)).orElseThrow())
        .toList();
  }

  private Accepted written(
      Connection connection, Settlement settlement, List<Reaction> reactions, Instant now)
      throws SQLException {
    var writes = database.writes(connection);
    Standings.write(writes, settlement.changedStandings());
    settlement.denyByName(settlement.sessionsOfPeople.write(connection, writes, sessions, now));
    sessions.end(writes, settlement.sessions, now);
    var off = switched(settlement, false);
    directory.setActive(writes, off, false);
    directory.setActive(writes, switched(settlement, true), true);
    directory.forgetAddresses(connection, settlement.withoutAddress);
    AuditLog.append(writes, settlement.events);
    Alarms.raise(connection, settlement.alarms);
    // Of whoever is only switched off the change says everything: nobody has to read them again.
    var again = new HashSet<>(switched(settlement, true));
    again.addAll(settlement.withoutAddress);
    again.addAll(settlement.lookedAtAgain);
    // Before the denials: who knows of a denial knows that its person is off.
    var change = directory.announce(connection, again, off);
    var denials =
        DenyTable.write(connection, writes, database.changes(), settlement.denials.values(), now);
    writes.send();
    for (var somebody : downstream) {
      somebody.tell(connection, settlement.incidents);
    }
    return new Accepted(
        reactions,
        again,
        () -> {
          // Who is refused because of a denial must not be let in by what asks for the person only.
          directory.switchOff(off);
          denied.apply(denials.get());
          // Of whoever is only off this node knows everything by now.
          if (!again.isEmpty()) {
            change.ifPresent(one -> database.changes().awaitApplied(one, ENFORCED_WITHIN));
          }
          return takenFromLosers(settlement, now);
        });
  }

  /// If this process dies before, whoever makes the receipt finds them, or the reconciliation.
  private List<String> takenFromLosers(Settlement settlement, Instant now) {
    if (settlement.reevaluated.isEmpty() || losers.isEmpty()) {
      return List.of();
    }
    var causes = new HashMap<String, Loss.Cause>();
    for (var incident : settlement.incidents) {
      if (incident.signal().what().has(Effect.REEVALUATE)) {
        incident
            .person()
            .ifPresent(person -> causes.put(person.id().value(), Loss.Cause.of(incident)));
      }
    }
    var lost = new ArrayList<Loss>();
    for (var live : losers.get().among(settlement.reevaluated, now)) {
      var grant = live.grant().id();
      if (denied.denial(Origins.accessToken("", now).grant(Optional.of(grant))).isEmpty()) {
        lost.add(new Loss(grant, Objects.requireNonNull(causes.get(live.grant().person()))));
      }
    }
    take(lost, Source.Kind.POLICY, "policy does not give this any more");
    return lost.stream().map(Loss::grant).toList();
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

  private static Set<PersonId> switched(Settlement settlement, boolean active) {
    return settlement.switched.entrySet().stream()
        .filter(entry -> entry.getValue() == active)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }
}
