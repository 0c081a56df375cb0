package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.tools.KnownTool.Accepted;
import dev.lanyard.server.tools.KnownTool.State;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The tables of tools, in one transaction of the caller's.
final class ToolTables {
  /// How many texts are kept of one tool, besides the one in force and the one accepted.
  private static final int VERSIONS_KEPT = 50;

  private static final String NEW =
      """
      INSERT INTO tool (connector, name, state, current_hash, mirrored, since)
      VALUES (?, ?, 'new', ?, ?, ?)
      ON CONFLICT DO NOTHING
      """;

  private static final String CHANGED =
      """
      UPDATE tool SET current_hash = ?, mirrored = ?, since = ?,
        state = CASE WHEN state = 'withdrawn' THEN state
          WHEN accepted_hash IS NULL THEN 'new' ELSE 'changed' END
      WHERE connector = ? AND name = ? AND (current_hash IS NULL OR current_hash <> ?)
        AND NOT (state = 'accepted' AND (
          EXISTS (SELECT 1 FROM tool_wording wording WHERE wording.connector = tool.connector
            AND wording.name = tool.name AND wording.hash = ?)
          OR accepted_hash = ? AND EXISTS (SELECT 1 FROM tool_wording wording
            WHERE wording.connector = tool.connector AND wording.name = tool.name)))
      """;

  private static final String REMOVED =
      """
      UPDATE tool SET current_hash = NULL, mirrored = '{}', since = ?,
        state = CASE WHEN state = 'withdrawn' THEN state ELSE 'removed' END
      WHERE connector = ? AND name = ? AND current_hash IS NOT NULL
      """;

  /// Until somebody has judged it, whatever the server says afterwards.
  private static final String SUSPECTED =
      "UPDATE tool SET suspected = 1 WHERE connector = ? AND name = ?";

  private static final String VERSION =
      """
      INSERT INTO tool_version (connector, name, hash, definition, first_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING
      """;

  private static final String FORGET =
      """
      DELETE FROM tool_version WHERE connector = ? AND name = ? AND hash IN (
        SELECT version.hash FROM tool_version version
        JOIN tool ON tool.connector = version.connector AND tool.name = version.name
        WHERE version.connector = ? AND version.name = ?
          AND version.hash <> COALESCE(tool.current_hash, '')
          AND version.hash <> COALESCE(tool.accepted_hash, '')
          AND NOT EXISTS (SELECT 1 FROM tool_wording wording
            WHERE wording.connector = version.connector AND wording.name = version.name
              AND wording.hash = version.hash)
        ORDER BY version.first_at DESC, version.hash LIMIT 1000 OFFSET %d)
      """
          .formatted(VERSIONS_KEPT);

  private static final String ACCEPT =
      """
      UPDATE tool SET state = 'accepted', suspected = 0, accepted_hash = ?, accepted_grade = ?,
        accepted_by = ?, accepted_at = ?
      WHERE connector = ? AND name = ? AND current_hash = ?
      """;

  /// What the server says now is then one of what is accepted.
  private static final String BESIDE =
      """
      UPDATE tool SET state = 'accepted', suspected = 0
      WHERE connector = ? AND name = ? AND state IN ('accepted', 'changed')
        AND accepted_hash IS NOT NULL
        AND (current_hash = accepted_hash OR current_hash = ? OR current_hash IN (
          SELECT hash FROM tool_wording WHERE connector = ? AND name = ?))
      """;

  private static final String WORDING =
      """
      INSERT INTO tool_wording (connector, name, hash, accepted_by, accepted_at)
      VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """;

  private static final String WITHDRAW =
      """
      UPDATE tool SET state = 'withdrawn'
      WHERE connector = ? AND name = ? AND current_hash IS NOT NULL AND state <> 'withdrawn'
      """;

  /// Few tools have any. NULL is what an older program left for this one to work out.
  private static final String MIRRORED =
      """
      SELECT name, current_hash, mirrored FROM tool
      WHERE connector = ? AND current_hash IS NOT NULL AND (mirrored IS NULL OR mirrored <> '{}')
      """;

  private final Statements statements;

  ToolTables(Connection connection) {
    this.statements = new Statements(connection);
  }

  /// Notes what a server says of a tool. Of several that note the same at once one gets an answer.
  ///
  /// @return empty if that was known
  Optional<ToolChange> note(String connector, Inspected inspected, Instant at) throws SQLException {
    var tool = inspected.tool();
    var name = tool.name();
    var hash = tool.hash();
    var mirrored = inspected.mirrored();
    var before = find(connector, name);
    boolean isNew = statements.update(NEW, connector, name, hash, mirrored, at) > 0;
    boolean isOther =
        !isNew
            && statements.update(CHANGED, hash, mirrored, at, connector, name, hash, hash, hash)
                > 0;
    if (!isNew && !isOther) {
      return Optional.empty();
    }
    statements.update(VERSION, connector, name, hash, tool.kept().toJson(), at);
    statements.update(FORGET, connector, name, connector, name);
    if (!inspected.suspicions().isEmpty()) {
      statements.update(SUSPECTED, connector, name);
    }
    return Optional.of(
        new ToolChange(
            isNew ? ToolChange.Kind.APPEARED : ToolChange.Kind.CHANGED,
            name,
            before.flatMap(KnownTool::current),
            Optional.of(hash),
            inspected.suspicions()));
  }

  /// Notes that a server has a tool no more.
  ///
  /// @return empty if that was known
  Optional<ToolChange> gone(String connector, String name, Instant at) throws SQLException {
    var before = find(connector, name);
    return statements.update(REMOVED, at, connector, name) > 0
        ? Optional.of(
            new ToolChange(
                ToolChange.Kind.DISAPPEARED,
                name,
                before.flatMap(KnownTool::current),
                Optional.empty(),
                List.of()))
        : Optional.empty();
  }

  /// Forgets a tool, with everything that its server has said of it.
  void forget(String connector, String name) throws SQLException {
    statements.update("DELETE FROM tool_version WHERE connector = ? AND name = ?", connector, name);
    forgetWordings(connector, name);
    statements.update("DELETE FROM tool WHERE connector = ? AND name = ?", connector, name);
  }

  private void forgetWordings(String connector, String name) throws SQLException {
    statements.update("DELETE FROM tool_wording WHERE connector = ? AND name = ?", connector, name);
  }

  /// Accepts this, and nothing that was accepted before.
  ///
  /// @return whether the server still says exactly that
  boolean accept(Judgement judgement, Instant at) throws SQLException {
    boolean isAccepted = isAccepted(judgement, at);
    if (isAccepted) {
      forgetWordings(judgement.connector(), judgement.tool());
    }
    return isAccepted && isMirrored(judgement);
  }

  private boolean isAccepted(Judgement judgement, Instant at) throws SQLException {
    return statements.update(
            ACCEPT,
            judgement.hash(),
            judgement.grade(),
            judgement.by(),
            at,
            judgement.connector(),
            judgement.tool(),
            judgement.hash())
        > 0;
  }

  /// Accepts this beside what is accepted.
  ///
  /// @return whether what the server says now is among it; nothing was changed otherwise
  boolean acceptBeside(Judgement judgement, Instant at) throws SQLException {
    var connector = judgement.connector();
    var name = judgement.tool();
    if (!isAmongAccepted(judgement)) {
      return false;
    }
    statements.update(WORDING, connector, name, judgement.hash(), judgement.by(), at);
    return true;
  }

  /// Whether what the server says now is accepted, with this; then it waits no more.
  boolean isAmongAccepted(Judgement judgement) throws SQLException {
    var connector = judgement.connector();
    var name = judgement.tool();
    return statements.update(BESIDE, connector, name, judgement.hash(), connector, name) > 0
        && isMirrored(judgement);
  }

  /// Works out once more which parameters clients repeat in headers: an older program that notes a
  /// change leaves those of the text before.
  private boolean isMirrored(Judgement judgement) throws SQLException {
    var connector = judgement.connector();
    var name = judgement.tool();
    var hash = find(connector, name).flatMap(KnownTool::current).orElseThrow();
    var text = worked(connector, new Mirrored(name, hash, Optional.empty()));
    var update = "UPDATE tool SET mirrored = ? WHERE connector = ? AND name = ?";
    return statements.update(update, text, connector, name) > 0;
  }

  /// How many others than this stand beside what was accepted last.
  int wordings(Judgement judgement) throws SQLException {
    return statements
        .list(
            "SELECT hash FROM tool_wording WHERE connector = ? AND name = ? AND hash <> ?",
            row -> row.getString("hash"),
            judgement.connector(),
            judgement.tool(),
            judgement.hash())
        .size();
  }

  /// What is accepted beside the one that was accepted last, of those tools that have some, by
  /// their names.
  ///
  /// @param some of which tools; empty for all
  Map<String, Set<String>> wordings(String connector, Collection<String> some) throws SQLException {
    return statements
        .list(
            "SELECT name, hash FROM tool_wording WHERE connector = ?" + named(some),
            row -> Map.entry(row.getString("name"), row.getString("hash")),
            values(connector, some))
        .stream()
        .collect(
            Collectors.groupingBy(
                Map.Entry::getKey,
                Collectors.mapping(Map.Entry::getValue, Collectors.toUnmodifiableSet())));
  }

  private static String named(Collection<String> some) {
    return some.isEmpty() ? "" : " AND name IN " + Statements.inList(some);
  }

  private static Object[] values(String connector, Collection<String> some) {
    return Stream.concat(Stream.of(connector), some.stream()).toArray();
  }

  /// @return whether it was not withdrawn before
  boolean withdraw(String connector, String name) throws SQLException {
    if (statements.update(WITHDRAW, connector, name) == 0) {
      return false;
    }
    forgetWordings(connector, name);
    return true;
  }

  Optional<KnownTool> find(String connector, String name) throws SQLException {
    return statements.first(
        "SELECT * FROM tool WHERE connector = ? AND name = ?", ToolTables::tool, connector, name);
  }

  List<KnownTool> of(String connector) throws SQLException {
    return some(connector, List.of());
  }

  /// @param some of which tools; empty for all
  List<KnownTool> some(String connector, Collection<String> some) throws SQLException {
    return statements.list(
        "SELECT * FROM tool WHERE connector = ?" + named(some) + " ORDER BY name",
        ToolTables::tool,
        values(connector, some));
  }

  List<KnownTool> all() throws SQLException {
    return statements.list("SELECT * FROM tool ORDER BY connector, name", ToolTables::tool);
  }

  /// What looked like an attack and was not judged since, by name.
  List<String> suspected(String connector) throws SQLException {
    return statements.list(
        "SELECT name FROM tool WHERE connector = ? AND suspected = 1 ORDER BY name",
        row -> row.getString(1),
        connector);
  }

  /// The connectors that have tools.
  List<String> connectors() throws SQLException {
    return statements.list("SELECT DISTINCT connector FROM tool", row -> row.getString(1));
  }

  /// The oldest first.
  List<ToolVersion> versions(String connector, String name) throws SQLException {
    return statements.list(
        "SELECT * FROM tool_version WHERE connector = ? AND name = ? ORDER BY first_at, hash",
        ToolTables::version,
        connector,
        name);
  }

  /// The parameters that clients repeat in headers, as they are kept, of those tools that have
  /// some, by their names.
  ///
  /// @param some of which tools; empty for all
  Map<String, String> mirrored(String connector, Collection<String> some) throws SQLException {
    var all = new HashMap<String, String>();
    for (var row :
        statements.list(
            MIRRORED + named(some),
            row ->
                new Mirrored(
                    row.getString("name"),
                    row.getString("current_hash"),
                    Optional.ofNullable(row.getString("mirrored"))),
            values(connector, some))) {
      var text = row.text().isPresent() ? row.text().get() : worked(connector, row);
      if (!text.equals(MirroredParameter.NONE)) {
        all.put(row.tool(), text);
      }
    }
    return Map.copyOf(all);
  }

  private record Mirrored(String tool, String hash, Optional<String> text) {}

  /// One definition at a time is in memory.
  private String worked(String connector, Mirrored row) throws SQLException {
    return statements
        .first(
            "SELECT * FROM tool_version WHERE connector = ? AND name = ? AND hash = ?",
            ToolTables::version,
            connector,
            row.tool(),
            row.hash())
        .flatMap(version -> MirroredParameter.of(version.definition()))
        .map(MirroredParameter::text)
        .orElse(MirroredParameter.NONE);
  }

  private static KnownTool tool(ResultSet row) throws SQLException {
    var hash = row.getString("accepted_hash");
    return new KnownTool(
        row.getString("connector"),
        row.getString("name"),
        State.of(row.getString("state")),
        Optional.ofNullable(row.getString("current_hash")),
        Instant.ofEpochMilli(row.getLong("since")),
        hash == null
            ? Optional.empty()
            : Optional.of(
                new Accepted(
                    hash,
                    row.getString("accepted_grade"),
                    row.getString("accepted_by"),
                    Instant.ofEpochMilli(row.getLong("accepted_at")))));
  }

  private static ToolVersion version(ResultSet row) throws SQLException {
    try {
      return new ToolVersion(
          row.getString("hash"),
          JsonObject.parseLarge(row.getString("definition").getBytes(StandardCharsets.UTF_8)),
          Instant.ofEpochMilli(row.getLong("first_at")));
    } catch (MalformedException e) {
      throw new IllegalStateException("the definition of a tool is not readable", e);
    }
  }
}
