package dev.lanyard.server.scim;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Appended;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.ProvisionedPeople;
import dev.lanyard.server.directory.ProvisionedPerson;
import dev.lanyard.server.revocation.Accepted;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Reaction;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/// One transaction for each change: the state, what it kills, the notice to all nodes and the
/// record of it are durable together or not at all (SCIM-17). When it returns, this node answers by
/// it.
///
/// A process that dies before the commit has done nothing, and the provider asks again; after it,
/// every node enforces it from the record.
final class Commits {
  private static final Duration APPLIED_WITHIN = Duration.ofSeconds(30);

  /// One is prepared here while the database writes another; more would take the connections that
  /// everybody else waits for.
  static final int LARGE_AT_ONCE = 2;

  private final Database database;
  private final Directory directory;
  private final Revocation revocation;
  private final ScimConnection connection;
  private final InstantSource clock;
  private final Semaphore large;

  /// @param large of [#LARGE_AT_ONCE], which all connections of a node share
  Commits(
      Database database,
      Directory directory,
      Revocation revocation,
      ScimConnection connection,
      Semaphore large,
      InstantSource clock) {
    this.database = database;
    this.directory = directory;
    this.revocation = revocation;
    this.connection = connection;
    this.large = large;
    this.clock = clock;
  }

  /// What to do in the transaction.
  interface Work<T> {
    T apply(Change change) throws SQLException, ScimRefusal;
  }

  /// Something to do in two steps, so that several share one transaction: first everything is
  /// locked and judged, then `revocation` hears of all at once, then the rest is written.
  ///
  /// @param about who is locked before anything else is done, together with all others
  record Step(Optional<PersonId> about, Beginning beginning) {
    static Step about(PersonId person, Beginning beginning) {
      return new Step(Optional.of(person), beginning);
    }

    static Step about(Beginning beginning) {
      return new Step(Optional.empty(), beginning);
    }
  }

  /// The first step.
  interface Beginning {
    Ending begin(Change change) throws SQLException, ScimRefusal;
  }

  /// The second step.
  interface Ending {
    Result end() throws SQLException, ScimRefusal;
  }

  Result alone(Call call, Step step) throws ScimRefusal {
    return together(call, List.of(step)).getFirst();
  }

  /// Does all of them or, if one is refused, none.
  ///
  /// @param steps each about something else
  List<Result> together(Call call, List<Step> steps) throws ScimRefusal {
    if (steps.size() > 1) {
      large.acquireUninterruptibly();
      try {
        return all(call, steps);
      } finally {
        large.release();
      }
    }
    return all(call, steps);
  }

  private List<Result> all(Call call, List<Step> steps) throws ScimRefusal {
    return commit(
        call,
        change -> {
          change.lock(steps.stream().flatMap(step -> step.about().stream()).toList());
          var endings = new ArrayList<Ending>();
          for (var step : steps) {
            endings.add(step.beginning().begin(change));
          }
          change.tellRevocation();
          var results = new ArrayList<Result>();
          for (var ending : endings) {
            results.add(ending.end());
          }
          change.writeWhatWasSaid();
          return results;
        });
  }

  /// Does it, and waits until this node answers by it. A refusal leaves nothing behind.
  <T> T commit(Call call, Work<T> work) throws ScimRefusal {
    try {
      var done =
          database.write(transaction -> {
            // Made here, because the database may run this more than once.
            var change = new Change(transaction, call);
            var result = refusable(work, change);
            return new Done<>(result, change.accepted, change.announced());
          });
      done.accepted().forEach(Accepted::enforce);
      done.change().ifPresent(change -> database.changes().awaitApplied(change, APPLIED_WITHIN));
      return done.result();
    } catch (Refused e) {
      throw e.refusal;
    }
  }

  private static <T> T refusable(Work<T> work, Change change) throws SQLException {
    try {
      return work.apply(change);
    } catch (ScimRefusal refusal) {
      throw new Refused(refusal);
    }
  }

  private record Done<T>(T result, List<Accepted> accepted, Optional<Appended> change) {}

  /// Carries a refusal through the database, which rolls back on the way.
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ScimRefusal refusal;

    Refused(ScimRefusal refusal) {
      super(refusal.detail(), null, false, false);
      this.refusal = refusal;
    }
  }

  /// A transaction that is under way.
  final class Change {
    private final Connection transaction;
    private final Call call;
    private final List<Accepted> accepted = new ArrayList<>();
    private final Map<PersonId, ProvisionedPerson> locked = new HashMap<>();
    private final Map<PersonId, Boolean> said = new LinkedHashMap<>();
    private final Set<PersonId> changed = new HashSet<>();
    private final List<Signal> untold = new ArrayList<>();
    private final List<AuditEvent> events = new ArrayList<>();

    private Change(Connection transaction, Call call) {
      this.transaction = transaction;
      this.call = call;
    }

    Connection connection() {
      return transaction;
    }

    private void lock(Collection<PersonId> ids) throws SQLException {
      if (!ids.isEmpty()) {
        locked.putAll(people().lock(transaction, ids));
      }
    }

    /// Somebody whom a step is about, as nobody else can change them before this transaction ends;
    /// empty if the connection does not have them.
    Optional<ProvisionedPerson> locked(PersonId id) {
      return Optional.ofNullable(locked.get(id));
    }

    /// Notes that the connection says of a locked person that they are active, or not. Written
    /// together with what it says of others.
    void says(PersonId id, boolean active) {
      said.put(id, active);
    }

    void writeWhatWasSaid() throws SQLException {
      people().say(transaction, said);
      said.clear();
    }

    /// To be called for everybody whom the directory knows differently now.
    void touched(Collection<PersonId> people) {
      changed.addAll(people);
    }

    /// Tells `revocation` what has happened to people, in this transaction. Before anything else
    /// here changes their rows: there is one order of locks.
    void happened(Happening what, Collection<PersonId> people, String reason)
        throws SQLException, ScimRefusal {
      happens(what, people, reason);
      tellRevocation();
    }

    /// The same for a [Step]: `revocation` is told when all steps have begun.
    void happens(Happening what, Collection<PersonId> people, String reason) {
      known(people);
      people.forEach(person -> untold.add(signal(what, person, reason)));
    }

    private void tellRevocation() throws SQLException, ScimRefusal {
      if (untold.isEmpty()) {
        return;
      }
      var outcome = revocation.accept(transaction, List.copyOf(untold));
      untold.clear();
      for (var reaction : outcome.reactions()) {
        switch (reaction) {
          case Reaction.Done _, Reaction.AlreadyKnown _, Reaction.Recorded _ -> {}
          // The provider tries again, when the doubt about two clocks is over.
          case Reaction.Outdated _ ->
              throw ScimRefusal.of(503, "the person was switched off a moment ago; try again");
          case Reaction.NotFound _, Reaction.Ambiguous _ ->
              throw new IllegalStateException("revocation does not know a person of ours");
        }
      }
      accepted.add(outcome);
    }

    /// Another node may have created them a moment ago.
    private void known(Collection<PersonId> people) {
      var unknown = people.stream().filter(id -> directory.person(id).isEmpty()).toList();
      if (!unknown.isEmpty()) {
        directory.refresh(unknown);
      }
    }

    private Signal signal(Happening what, PersonId person, String reason) {
      return new Signal(
          Source.of(Source.Kind.SCIM, connection.id()).within(connection.organisation()),
          call.correlationId() + " " + OpaqueToken.identifier(),
          new Subject.Person(person),
          what,
          clock.instant(),
          reason,
          call.correlationId());
    }

    /// Records what was done (AUD-1). Names of attributes, never their values (AUD-4).
    void record(String type, JsonObject evidence) {
      events.add(event(type, evidence));
    }

    void record(String type, PersonId person, JsonObject evidence) {
      events.add(event(type, evidence).withPerson(person.value()));
    }

    private AuditEvent event(String type, JsonObject evidence) {
      var all = JsonObject.builder().put("connection", connection.id()).build().with(evidence);
      return AuditEvent.of(type, Outcome.SUCCESS, clock.instant(), call.correlationId(), all)
          .withOrganisation(connection.organisation());
    }

    private Optional<Appended> announced() throws SQLException {
      AuditLog.append(transaction, events);
      var told =
          accepted.stream()
              .flatMap(one -> one.announced().stream())
              .collect(Collectors.toUnmodifiableSet());
      people().noteGroups(transaction, changed.stream().filter(told::contains).toList());
      accepted.forEach(one -> changed.removeAll(one.announced()));
      return people().announce(transaction, changed);
    }
  }

  private ProvisionedPeople people() {
    return directory.peopleOf(connection.source());
  }
}
