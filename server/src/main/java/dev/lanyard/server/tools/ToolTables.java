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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The tables of tools, in one transaction of the caller's.
final class ToolTables {
  /// How many texts are kept of one tool, besides the one in force and the one accepted.
  private static final int VERSIONS_KEPT = 50;

  private static final String NEW =
      """
      INSERT INTO tool (connector, name, state, current_hash, since) VALUES (?, ?, 'new', ?, ?)
      ON CONFLICT DO NOTHING
      """;

  private static final String CHANGED =
      """
      UPDATE tool SET current_hash = ?, since = ?,
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
      UPDATE tool SET current_hash = NULL, since = ?,
        state = CASE WHEN state = 'withdrawn' THEN state ELSE 'removed' END
      WHERE connector = ? AND name = ? AND current_hash IS NOT NULL
      """;

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
      UPDATE tool SET state = 'accepted', accepted_hash = ?, accepted_grade = ?, accepted_by = ?,
        accepted_at = ?
      WHERE connector = ? AND name = ? AND current_hash = ?
      """;

  /// What the server says now is then one of what is accepted.
  private static final String BESIDE =
      """
      UPDATE tool SET state = 'accepted'
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

  /// Few tools have them, and the texts of the others are not needed in memory.
  private static final String MIRRORED =
      """
      SELECT version.* FROM tool_version version
      JOIN tool ON tool.connector = version.connector AND tool.name = version.name
        AND tool.current_hash = version.hash
      WHERE version.definition LIKE '%x-mcp-header%'
      """;

  private final Statements statements;

  ToolTables(Connection connection) {
    this.statements = new Statements(connection);
  }

  /// Notes what a server says of a tool. Of several that note the same at once one gets an answer.
  ///
  /// @param suspicions in what it says, found before: nobody else writes as long as this goes on
  /// @return empty if that was known
  Optional<ToolChange> note(
      String connector, ToolDefinition tool, List<Suspicion> suspicions, Instant at)
      throws SQLException {
    var before = find(connector, tool.name());
    boolean isNew = statements.update(NEW, connector, tool.name(), tool.hash(), at) > 0;
    boolean isOther =
        !isNew
            && statements.update(
                    CHANGED,
                    tool.hash(),
                    at,
                    connector,
                    tool.name(),
                    tool.hash(),
                    tool.hash(),
                    tool.hash())
                > 0;
    if (!isNew && !isOther) {
      return Optional.empty();
    }
    statements.update(VERSION, connector, tool.name(), tool.hash(), tool.kept().toJson(), at);
    statements.update(FORGET, connector, tool.name(), connector, tool.name());
    return Optional.of(
        new ToolChange(
            isNew ? ToolChange.Kind.APPEARED : ToolChange.Kind.CHANGED,
            tool.name(),
            before.flatMap(KnownTool::current),
            Optional.of(tool.hash()),
            suspicions));
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
    return isAccepted;
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
    if (statements.update(BESIDE, connector, name, judgement.hash(), connector, name) == 0) {
      return false;
    }
    statements.update(WORDING, connector, name, judgement.hash(), judgement.by(), at);
    return true;
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

  /// What is accepted beside the one that was accepted last, of those tools that have some.
  Map<ToolMemory.Key, Set<String>> wordings() throws SQLException {
    return statements
        .list(
            "SELECT connector, name, hash FROM tool_wording",
            row ->
                Map.entry(
                    new ToolMemory.Key(row.getString("connector"), row.getString("name")),
                    row.getString("hash")))
        .stream()
        .collect(
            Collectors.groupingBy(
                Map.Entry::getKey,
                Collectors.mapping(Map.Entry::getValue, Collectors.toUnmodifiableSet())));
  }

  /// @return whether it was not withdrawn before
  boolean withdraw(String connector, String name) throws SQLException {
    if (statements.update(WITHDRAW, connector, name) == 0) {
      return false;
    }
    forgetWordings(connector, name);
    return true;
  }

  /// @return whether it was nobody else's turn
  boolean takeTurn(String connector, Instant now, Instant next) throws SQLException {
    var _ =
        statements.update(
            "INSERT INTO tool_turn (connector, next_at) VALUES (?, 0)"
                + " ON CONFLICT (connector) DO NOTHING",
            connector);
    // A turn that lies further ahead was taken by a clock that was wrong.
    return statements.update(
            "UPDATE tool_turn SET next_at = ?"
                + " WHERE connector = ? AND (next_at <= ? OR next_at > ?)",
            next,
            connector,
            now,
            next)
        > 0;
  }

  Optional<KnownTool> find(String connector, String name) throws SQLException {
    return statements.first(
        "SELECT * FROM tool WHERE connector = ? AND name = ?", ToolTables::tool, connector, name);
  }

  List<KnownTool> of(String connector) throws SQLException {
    return statements.list(
        "SELECT * FROM tool WHERE connector = ? ORDER BY name", ToolTables::tool, connector);
  }

  List<KnownTool> all() throws SQLException {
    return statements.list("SELECT * FROM tool ORDER BY connector, name", ToolTables::tool);
  }

  /// The oldest first.
  List<ToolVersion> versions(String connector, String name) throws SQLException {
    return statements.list(
        "SELECT * FROM tool_version WHERE connector = ? AND name = ? ORDER BY first_at, hash",
        ToolTables::version,
        connector,
        name);
  }

  /// The parameters that clients repeat in headers, of those tools that have some.
  Map<ToolMemory.Key, List<MirroredParameter>> mirrored() throws SQLException {
    var all = new HashMap<ToolMemory.Key, List<MirroredParameter>>();
    for (var one :
        statements.list(
            MIRRORED,
            row ->
                Map.entry(
                    new ToolMemory.Key(row.getString("connector"), row.getString("name")),
                    MirroredParameter.of(version(row).definition())))) {
      all.put(one.getKey(), one.getValue());
    }
    return Map.copyOf(all);
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
