package dev.lanyard.server.revocation;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.OwnBroker;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.ReconciliationReport.Fault;
import dev.lanyard.server.revocation.ReconciliationReport.Finding;
import dev.lanyard.server.schedule.Turns;
import dev.lanyard.server.sessions.LiveGrant;
import dev.lanyard.server.sessions.LiveGrants;
import dev.lanyard.server.sessions.OpaqueToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares what should be with what is: people, sessions, grants, denials, policy. What lives
/// although it should be dead is an incident: it is killed, recorded, and an administrator is
/// alarmed. It finds what the pipeline missed, whatever the reason; the yearly sanity check is its
/// report. Thread-safe; run it as often as you like, on as many nodes.
///
/// Reading a million grants takes a core for seconds, which a kill may need: of several nodes one
/// does so in turn, a part at a time, and rests in between.
public final class Reconciliation {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);
  private static final Duration CATCH_UP = Duration.ofSeconds(10);
  static final String CORRELATION = "reconciliation";

  /// Another node may have read a newer role library from its files, and granted by it.
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private final Database database;
  private final Directory directory;
  private final LiveGrants grants;
  private final Revocation revocation;
  private final Optional<Losers> losers;
  private final InstantSource clock;
  private final SecondPeople seconds;
  private final ReconciliationBook book;
  private final List<Elsewhere> elsewhere = new CopyOnWriteArrayList<>();

  /// @param losers absent where no policy is in force
  public Reconciliation(
      Database database,
      Directory directory,
      LiveGrants grants,
      Revocation revocation,
      Optional<Losers> losers,
      InstantSource clock) {
    this.database = database;
    this.directory = directory;
    this.grants = grants;
    this.revocation = revocation;
    this.losers = losers;
    this.clock = clock;
    this.book = new ReconciliationBook(database);
    this.seconds = new SecondPeople(database, directory, revocation, clock);
  }

  /// What lives in a record of its own.
  @FunctionalInterface
  public interface Elsewhere {
    /// Compares, and ends what should be dead.
    ///
    /// @param correlationId for the record
    Compared compare(String correlationId);
  }

  /// @param live how many things were compared
  /// @param findings what was wrong, all of it ended
  public record Compared(int live, List<Finding> findings) {
    public Compared {
      findings = List.copyOf(findings);
    }
  }

  /// Has something else compared from now on. To be called before anything is served.
  public void compares(Elsewhere somewhere) {
    elsewhere.add(somewhere);
  }

  /// How much of the machine a comparison takes.
  @FunctionalInterface
  public interface Pace {
    /// All of it, for whoever waits for the report.
    Pace FAST = _ -> {};

    /// Waits between two parts.
    ///
    /// @param worked how long the last part took
    void rest(Duration worked);
  }

  /// Compares, repairs and records.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if the record cannot be read or written,
  ///   or this node cannot follow it: then it cannot tell what is wrong
  public ReconciliationReport run() {
    return run(Pace.FAST);
  }

  /// What each node does from time to time: it looks whether it knows what the record says, and if
  /// no node has begun to compare the record itself for so long, it does that too. Of a node that
  /// dies in the middle the next one takes the turn.
  ///
  /// @return empty if it was not our turn, and nothing was wrong
  /// @throws dev.lanyard.server.database.DatabaseException as [#run()]
  public Optional<ReconciliationReport> runInTurn(Duration every, Pace pace) {
    boolean ours = Turns.take(database, CORRELATION, every, clock.instant());
    return ours || !knowsTheRecord() ? Optional.of(run(pace)) : Optional.empty();
  }

  private boolean knowsTheRecord() {
    if (here().isEmpty()) {
      return true;
    }
    database.changes().awaitCurrent(CATCH_UP);
    return here().isEmpty();
  }

  /// Makes second people of earlier releases one with the people whom our own broker means. To be
  /// called before anything is served: nothing of theirs lives then.
  public void unite() {
    if (!seconds.unite(CORRELATION).isEmpty()) {
      LOG.info("people whom the broker means are no second people at this server any more");
    }
  }

  private ReconciliationReport run(Pace pace) {
    var united =
        seconds.unite(CORRELATION).stream()
            .map(one -> new Finding(Fault.SECOND_PERSON, one.second().value(), one.first().value()))
            .toList();
    var report = compared(pace);
    if (!report.findings().isEmpty()) {
      // What is only on its way to this node is not wrong: look again when it knows all of that.
      database.changes().awaitCurrent(CATCH_UP);
      report = report.with(confirmed(report.findings()));
      repair(report.findings());
    }
    report = report.with(new Compared(0, united));
    for (var one : elsewhere) {
      report = report.with(one.compare(CORRELATION));
    }
    book.keep(report);
    return report;
  }

  private ReconciliationReport compared(Pace pace) {
    var now = clock.instant();
    var findings = here();
    var sessions = grants.sessions(now);
    findings.addAll(faulty(sessions));
    var walk = new Walk(moment(now), pace);
    grants.forEach(now, walk);
    findings.addAll(walk.findings);
    return new ReconciliationReport(
        now,
        directory.all().size(),
        database.read(directory::inactive).size(),
        sessions.size(),
        walk.counted,
        0,
        database.read(DenySet::load).size(),
        List.copyOf(findings));
  }

  /// Goes from grant to grant, and rests from time to time. For one thread.
  private final class Walk implements Consumer<LiveGrant> {
    private static final int STEPS = 2000;

    private final Moment moment;
    private final Pace pace;
    private final List<Finding> findings = new ArrayList<>();
    private int counted;
    private long began = System.nanoTime();

    Walk(Moment moment, Pace pace) {
      this.moment = moment;
      this.pace = pace;
    }

    @Override
    public void accept(LiveGrant live) {
      findings.addAll(faulty(List.of(live), moment));
      counted++;
      if (counted % STEPS == 0) {
        pace.rest(Duration.ofNanos(System.nanoTime() - began));
        began = System.nanoTime();
      }
    }
  }

  /// What of this is wrong still.
  private List<Finding> confirmed(List<Finding> suspected) {
    var now = clock.instant();
    var still = new HashSet<>(here());
    var subjects = suspected.stream().map(Finding::subject).collect(Collectors.toSet());
    still.addAll(
        faulty(grants.sessions(now).stream().filter(one -> subjects.contains(one.id())).toList()));
    still.addAll(faulty(grants.withIds(subjects, now), moment(now)));
    return suspected.stream().filter(still::contains).toList();
  }

  /// What the record says and this node does not know.
  private List<Finding> here() {
    var findings = new ArrayList<Finding>();
    for (var denial : unknown(database.read(DenySet::load))) {
      findings.add(
          new Finding(Fault.UNKNOWN_DENIAL, denial.denied().written(), denial.denied().value()));
    }
    for (var id : database.read(directory::inactive)) {
      if (directory.person(id).filter(Person::active).isPresent()) {
        findings.add(new Finding(Fault.UNKNOWN_DISABLED, id.value(), id.value()));
      }
    }
    return findings;
  }

  private List<Finding> faulty(List<LiveGrants.LiveSession> sessions) {
    return sessions.stream()
        .filter(session -> isOff(session.person()))
        .filter(session ->
            revocation
                .denied()
                .denial(
                    Origins.signIn(session.person(), session.begunAt())
                        .session(Optional.of(session.id())))
                .isEmpty())
        .map(session -> new Finding(Fault.SESSION_OF_DISABLED, session.id(), session.person()))
        .toList();
  }

  /// By what grants are judged.
  ///
  /// @param broker whose people have their grants under their own id
  private record Moment(Instant now, Optional<OwnBroker> broker) {}

  private Moment moment(Instant now) {
    return new Moment(now, directory.own().broker());
  }

  private List<Finding> faulty(List<LiveGrant> some, Moment moment) {
    return some.stream()
        .flatMap(live ->
            fault(live, moment).stream()
                .map(fault -> new Finding(fault, live.grant().id(), live.grant().person())))
        .toList();
  }

  private Optional<Fault> fault(LiveGrant live, Moment moment) {
    var now = moment.now();
    if (revocation.denied().denial(Origins.of(live)).isPresent()) {
      return Optional.empty();
    }
    if (isOff(live.grant().person())) {
      return Optional.of(Fault.GRANT_OF_DISABLED);
    }
    if (Origins.before(live).flatMap(revocation.denied()::denial).isPresent()) {
      return Optional.of(Fault.GRANT_OF_DEAD_ASSERTION);
    }
    if (moment.broker().filter(own -> seconds.isOneOf(live, own)).isPresent()) {
      return Optional.of(Fault.GRANT_OF_SECOND_PERSON);
    }
    return losers
        .filter(_ -> live.grant().issuedAt().isBefore(now.minus(SETTLED)))
        .filter(one -> one.isLost(live, now))
        .map(_ -> Fault.GRANT_OUTSIDE_POLICY);
  }

  private boolean isOff(String person) {
    return directory.person(new PersonId(person)).filter(Person::active).isEmpty();
  }

  private List<Denial> unknown(List<Denial> recorded) {
    var known = new HashMap<Denied, Denial>();
    revocation.denied().all().forEach(denial -> known.put(denial.denied(), denial));
    return recorded.stream()
        .filter(denial -> denial.forgetAfter().isAfter(clock.instant()))
        .filter(denial -> {
          var here = known.get(denial.denied());
          return here == null || isStronger(denial, here);
        })
        .toList();
  }

  private static boolean isStronger(Denial recorded, Denial here) {
    return recorded.denied().kind().canBeLifted()
        ? recorded.sequence() > here.sequence()
        : recorded.before().isAfter(here.before());
  }

  private void repair(List<Finding> findings) {
    var signals = new ArrayList<Signal>();
    var people = new HashSet<PersonId>();
    for (var finding : findings) {
      switch (finding.fault()) {
        case SESSION_OF_DISABLED ->
            signals.add(signal(new Subject.Session(finding.subject()), finding));
        case GRANT_OF_DISABLED,
            GRANT_OF_DEAD_ASSERTION,
            GRANT_OUTSIDE_POLICY,
            GRANT_OF_SECOND_PERSON ->
            signals.add(signal(new Subject.Grant(finding.subject()), finding));
        // Of accounts only who keeps them knows how they end.
        case UNKNOWN_DENIAL, ACCOUNT_OF_DISABLED, ACCOUNT_OF_KILLED, SECOND_PERSON -> {}
        case UNKNOWN_DISABLED -> people.add(new PersonId(finding.subject()));
      }
    }
    if (!signals.isEmpty()) {
      revocation.acceptAll(signals);
    }
    revocation.denied().apply(unknown(database.read(DenySet::load)));
    if (!people.isEmpty()) {
      // Every node looks at them again, this one too.
      var _ = database.write(connection -> directory.announce(connection, people));
    }
  }

  private Signal signal(Subject subject, Finding finding) {
    return new Signal(
        Source.of(Source.Kind.RECONCILIATION),
        OpaqueToken.identifier(),
        subject,
        Happening.TOKENS_REVOKED,
        clock.instant(),
        "found alive: " + finding.fault(),
        CORRELATION);
  }
}
