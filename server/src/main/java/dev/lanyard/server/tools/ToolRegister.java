package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Appended;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.SqlFunction;
import dev.lanyard.server.tools.Judgement.Despite;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What servers say of their tools, and what of it is accepted. A look-up is from memory, which
/// follows the record on every node. Thread-safe.
///
/// A change makes a tool quarantined, and so does one that is taken back: a server that tells
/// everybody something else must not be free in between. Only an administrator frees it.
public final class ToolRegister {
  private static final String KIND = "tool";

  /// What no honest server has, and what would fill the record of this one.
  private static final int MOST_TOOLS = 2_000;

  /// A server that words a tool for each person cannot be held to words.
  private static final int MOST_WORDINGS = 20;

  private static final String FORGOTTEN = "tool.forgotten";
  private static final String QUARANTINED = "tool.quarantined";
  private static final String MADE_ROOM = "made room for new tools";

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final Database database;
  private final InstantSource clock;
  private final ToolMemory memory = new ToolMemory();
  private final ChangeBudget budget;

  private ToolRegister(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
    this.budget = new ChangeBudget(clock);
  }

  /// The tools of the record, followed from now on: once in a process.
  public static ToolRegister open(Database database, InstantSource clock) {
    var register = new ToolRegister(database, clock);
    database.changes().follow(KIND, register.memory);
    register.memory.reload(database);
    return register;
  }

  /// Every tool as the record has it at this moment, by connector and name; for whoever asks once.
  public static List<KnownTool> recorded(Database database) {
    return database.read(connection -> new ToolTables(connection).all());
  }

  /// A tool as it is known.
  public Optional<KnownTool> find(String connector, String tool) {
    return memory.find(connector, tool);
  }

  /// The parameters of a tool that clients repeat in headers, by what its server says now. Of a
  /// definition that is too large to be kept nothing is known.
  public List<MirroredParameter> mirrored(String connector, String tool) {
    return memory.mirrored(connector, tool);
  }

  /// Whether a server has described a tool within the last minute in a way that was not recorded:
  /// it says something else too often. Nobody may use it then, whatever is accepted of it.
  public boolean isUnrecorded(String connector, String tool) {
    return budget.isUnrecorded(connector, tool);
  }

  /// Every tool of a connector, in the order of the names.
  public List<KnownTool> of(String connector) {
    return memory.of(connector);
  }

  /// Every tool, by connector and name.
  public List<KnownTool> all() {
    return memory.all();
  }

  /// Everything that a server has said of a tool, as far as it is kept, the oldest first.
  public List<ToolVersion> versions(String connector, String tool) {
    return database.read(connection -> new ToolTables(connection).versions(connector, tool));
  }

  /// Takes note of what a server says. What is new or says something else is quarantined, recorded
  /// and raises an alarm, when this returns; if it is known already, nothing is written. Of several
  /// nodes that hear the same at once one records it.
  ///
  /// A tool that is accepted is always recorded when it changes. What nobody may use anyway is
  /// recorded as long as it is not too much; beyond that it stays quarantined, and one alarm says
  /// so.
  ///
  /// @return what this call has changed
  /// @throws dev.lanyard.server.database.DatabaseException if it cannot be recorded; the tools must
  ///   not be shown to anybody then
  public List<ToolChange> observe(Sighting sighting) {
    var missing = sighting.complete() ? missing(sighting) : List.<String>of();
    boolean isFull = missing.isEmpty() && isFull(sighting.connector());
    var news =
        sighting.tools().stream()
            .filter(tool -> !isKnown(sighting.connector(), tool))
            .filter(tool -> !isFull || find(sighting.connector(), tool.name()).isPresent())
            .filter(tool -> isRecorded(sighting.connector(), tool))
            .map(Inspected::of)
            .toList();
    if (news.isEmpty() && missing.isEmpty()) {
      return List.of();
    }
    var changes = written(connection -> note(connection, sighting, news, missing));
    if (changes.isEmpty()) {
      // Another node was first: what it has recorded is what this one must know.
      database.changes().awaitCurrent(LONGEST_WAIT);
    }
    return changes;
  }

  private boolean isRecorded(String connector, ToolDefinition tool) {
    var known = find(connector, tool.name());
    if (known.filter(one -> one.state() == KnownTool.State.ACCEPTED).isPresent()
        || budget.admits(connector, tool)) {
      return true;
    }
    if (known.isPresent()) {
      budget.notRecorded(connector, tool.name());
    }
    if (budget.isNews(connector)) {
      new Alarms(database).raise(ToolAlarms.restless(connector, clock.instant()));
    }
    return false;
  }

  /// Whether there is no room for another tool: so that a server that names new ones all the time
  /// does not have the record written each time.
  private boolean isFull(String connector) {
    var known = of(connector);
    return known.size() >= MOST_TOOLS && known.stream().noneMatch(KnownTool::isReplaceable);
  }

  private boolean isKnown(String connector, ToolDefinition tool) {
    return find(connector, tool.name())
        .filter(known ->
            known.current().equals(Optional.of(tool.hash()))
                || (known.state() == KnownTool.State.ACCEPTED && isOneOf(known, tool.hash())))
        .isPresent();
  }

  /// Whether a tool has several wordings that are accepted, and this is one of them.
  private boolean isOneOf(KnownTool known, String hash) {
    var wordings = wordings(known);
    return wordings.contains(hash)
        || (!wordings.isEmpty()
            && known.accepted().map(KnownTool.Accepted::hash).equals(Optional.of(hash)));
  }

  /// What is accepted of a tool beside what was accepted last, by its hashes.
  public Set<String> wordings(KnownTool tool) {
    return memory.wordings(tool.connector(), tool.name());
  }

  /// The tools that a server had and that are not among what it is seen to have, by their names.
  public List<String> missing(Sighting sighting) {
    var names = sighting.tools().stream().map(ToolDefinition::name).collect(Collectors.toSet());
    return of(sighting.connector()).stream()
        .filter(tool -> tool.current().isPresent() && !names.contains(tool.name()))
        .map(KnownTool::name)
        // What a server says of itself is in no list of its tools.
        .filter(name -> !name.equals(ToolDefinition.INSTRUCTIONS))
        .toList();
  }

  private Written<List<ToolChange>> note(
      Connection connection, Sighting sighting, List<Inspected> news, List<String> missing)
      throws SQLException {
    var connector = sighting.connector();
    var tables = new ToolTables(connection);
    var now = clock.instant();
    var changes = new ArrayList<ToolChange>();
    for (var name : missing) {
      tables.gone(connector, name, now).ifPresent(changes::add);
    }
    var known = tables.of(connector);
    var replaced = replaced(known, news);
    for (var tool : replaced) {
      tables.forget(connector, tool);
    }
    int room = MOST_TOOLS - known.size() + replaced.size();
    for (var one : news) {
      if (room > 0 || tables.find(connector, one.tool().name()).isPresent()) {
        var change = tables.note(connector, one, now);
        room -= change.filter(ToolChange::isNew).isPresent() ? 1 : 0;
        change.ifPresent(changes::add);
      }
    }
    if (changes.isEmpty() && replaced.isEmpty()) {
      return new Written<>(List.of(), Optional.empty());
    }
    AuditLog.append(
        connection,
        Stream.concat(
                changes.stream()
                    .map(change ->
                        AuditEvent.of(
                            change.kind().event(),
                            Outcome.SUCCESS,
                            now,
                            sighting.correlationId(),
                            change.evidence(sighting))),
                replaced.stream()
                    .map(tool ->
                        event(
                            FORGOTTEN,
                            connector,
                            tool,
                            sighting.by(),
                            MADE_ROOM,
                            sighting.correlationId())))
            .toList());
    ToolAlarms.raise(connection, connector, changes, now);
    ToolAlarms.forget(connection, connector, now);
    var changed =
        Stream.concat(changes.stream().map(ToolChange::tool), replaced.stream())
            .collect(Collectors.toSet());
    return new Written<>(
        List.copyOf(changes), Optional.of(announce(connection, connector, changed)));
  }

  /// As many replaceable tools as the new ones need room, those first that have gone first.
  private static List<String> replaced(List<KnownTool> known, List<Inspected> news) {
    var names = news.stream().map(one -> one.tool().name()).collect(Collectors.toSet());
    long needed =
        known.size()
            + names.size()
            - known.stream().filter(tool -> names.contains(tool.name())).count()
            - MOST_TOOLS;
    return known.stream()
        .filter(tool -> tool.isReplaceable() && !names.contains(tool.name()))
        .sorted(Comparator.comparing(KnownTool::since))
        .limit(Math.max(needed, 0))
        .map(KnownTool::name)
        .toList();
  }

  private AuditEvent event(
      String type, String connector, String tool, String by, String why, String correlationId) {
    var evidence =
        JsonObject.builder()
            .put("connector", connector)
            .put("tool", tool)
            .put("by", by)
            .put("why", why)
            .build();
    return AuditEvent.of(type, Outcome.SUCCESS, clock.instant(), correlationId, evidence);
  }

  /// Forgets a tool that its server no longer has, or that nobody ever judged. If the server names
  /// it again it is new. Recorded.
  ///
  /// @param why for the record
  /// @return whether it was forgotten: false if there is no such tool, or it is in use or out of
  ///   use
  public boolean forget(
      String connector, String tool, String by, String why, String correlationId) {
    return written(connection -> {
      var tables = new ToolTables(connection);
      if (!tables.find(connector, tool).filter(KnownTool::isForgettable).isPresent()) {
        return new Written<>(false, Optional.empty());
      }
      tables.forget(connector, tool);
      AuditLog.append(connection, event(FORGOTTEN, connector, tool, by, why, correlationId));
      ToolAlarms.resolve(connection, connector, clock.instant());
      return new Written<>(true, Optional.of(announce(connection, connector, Set.of(tool))));
    });
  }

  /// Accepts what a server says of a tool, if it still says exactly that. Recorded either way.
  public Acceptance accept(Judgement judgement) {
    return written(connection -> accept(connection, judgement, false));
  }

  /// Accepts what a server has said of a tool beside what is accepted: it says either from now on,
  /// by person, language or session, and is free as long as it says nothing else. Only where both
  /// differ in titles and descriptions alone. Recorded either way.
  ///
  /// @return overtaken, if the server says now what is neither this nor accepted
  public Acceptance acceptBeside(Judgement judgement) {
    return written(connection -> accept(connection, judgement, true));
  }

  private Written<Acceptance> accept(Connection connection, Judgement judgement, boolean beside)
      throws SQLException {
    var tables = new ToolTables(connection);
    var now = clock.instant();
    var suspicions = suspicions(tables, judgement);
    var known = tables.find(judgement.connector(), judgement.tool());
    Acceptance result;
    if (known.isEmpty()) {
      result = new Acceptance.Unknown();
    } else if (known.get().state() == KnownTool.State.WITHDRAWN
        && !judgement.despite().contains(Despite.WITHDRAWAL)) {
      result = new Acceptance.Withdrawn();
    } else if (!suspicions.isEmpty() && !judgement.despite().contains(Despite.SUSPICIONS)) {
      result = new Acceptance.Suspicious(suspicions);
    } else {
      result = beside ? beside(tables, judgement, known.get(), now) : only(tables, judgement, now);
    }
    AuditLog.append(connection, judgement.event(result, suspicions, beside, now));
    if (!(result instanceof Acceptance.Accepted)) {
      return new Written<>(result, Optional.empty());
    }
    ToolAlarms.resolve(connection, judgement.connector(), now);
    return new Written<>(
        result, Optional.of(announce(connection, judgement.connector(), Set.of(judgement.tool()))));
  }

  private static Acceptance only(ToolTables tables, Judgement judgement, Instant now)
      throws SQLException {
    return tables.accept(judgement, now) ? new Acceptance.Accepted() : overtaken(tables, judgement);
  }

  private static Acceptance overtaken(ToolTables tables, Judgement judgement) throws SQLException {
    return new Acceptance.Overtaken(
        tables.find(judgement.connector(), judgement.tool()).flatMap(KnownTool::current));
  }

  private static Acceptance beside(
      ToolTables tables, Judgement judgement, KnownTool known, Instant now) throws SQLException {
    if (known.state() == KnownTool.State.WITHDRAWN || known.accepted().isEmpty()) {
      return new Acceptance.NotBeside("nothing of it is accepted that this could stand beside");
    }
    var versions =
        tables.versions(judgement.connector(), judgement.tool()).stream()
            .collect(Collectors.toMap(ToolVersion::hash, Function.identity()));
    var accepted = versions.get(known.accepted().get().hash());
    var other = versions.get(judgement.hash());
    if (accepted == null || other == null) {
      return new Acceptance.NotBeside("one of the two is not kept any more");
    }
    if (accepted.isTooLarge(judgement.tool()) || other.isTooLarge(judgement.tool())) {
      return new Acceptance.NotBeside("one of the two is too large to be compared");
    }
    if (!ToolDifference.between(accepted.definition(), other.definition()).isOfWords()) {
      return new Acceptance.NotBeside("they differ in more than titles and descriptions");
    }
    // Nothing is to stand beside itself: the row would count as another wording.
    boolean isLast = known.accepted().get().hash().equals(judgement.hash());
    if (!isLast && tables.wordings(judgement) >= MOST_WORDINGS) {
      return new Acceptance.NotBeside("no more than " + MOST_WORDINGS + " can stand beside it");
    }
    return (isLast ? tables.isAmongAccepted(judgement) : tables.acceptBeside(judgement, now))
        ? new Acceptance.Accepted()
        : overtaken(tables, judgement);
  }

  private static List<Suspicion> suspicions(ToolTables tables, Judgement judgement)
      throws SQLException {
    return tables.versions(judgement.connector(), judgement.tool()).stream()
        .filter(version -> version.hash().equals(judgement.hash()))
        .findFirst()
        .map(version -> version.suspicions(judgement.tool()))
        .orElse(List.of());
  }

  /// Takes an acceptance back, at once and on every node.
  ///
  /// @param why for the record
  /// @return whether anything changed: false if there is no such tool, or it was withdrawn before
  public boolean withdraw(
      String connector, String tool, String by, String why, String correlationId) {
    return written(connection -> {
      if (!new ToolTables(connection).withdraw(connector, tool)) {
        return new Written<>(false, Optional.empty());
      }
      AuditLog.append(connection, event(QUARANTINED, connector, tool, by, why, correlationId));
      return new Written<>(true, Optional.of(announce(connection, connector, Set.of(tool))));
    });
  }

  /// What a transaction has done.
  ///
  /// @param change what every node is to learn
  private record Written<T>(T result, Optional<Appended> change) {}

  /// Returns when this node knows it as well.
  private <T> T written(SqlFunction<Written<T>> work) {
    var written = database.write(work);
    written.change().ifPresent(change -> database.changes().awaitApplied(change, LONGEST_WAIT));
    return written.result();
  }

  private Appended announce(Connection connection, String connector, Set<String> tools) {
    return database.changes().append(connection, KIND, ToolMemory.change(connector, tools));
  }
}
