package dev.lanyard.server.tools;

import static java.util.stream.Collectors.joining;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an administrator has to look at, in the transaction of the change that it is about.
final class ToolAlarms {
  /// Tools wait for a judgement; the subject is the connector.
  static final String WAITING = "tools-quarantined";

  /// A definition is suspicious; the subject is connector/tool.
  static final String SUSPICION = "tool-suspicious";

  /// Changes are not recorded any more; the subject is the connector.
  static final String RESTLESS = "tools-restless";

  private static final int MOST_NAMED = 10;

  private ToolAlarms() {}

  static void raise(Connection connection, String connector, List<ToolChange> changes, Instant now)
      throws SQLException {
    var alarms = new ArrayList<Alarm>();
    changes.stream()
        .filter(change -> !change.suspicions().isEmpty())
        .map(change -> suspicion(connector, change, now))
        .forEach(alarms::add);
    waiting(connection, connector, now).ifPresent(alarms::add);
    Alarms.raise(connection, alarms);
  }

  /// Ends what a judgement about a tool has dealt with.
  static void resolve(Connection connection, String connector, String tool, Instant now)
      throws SQLException {
    var _ = Alarms.resolve(connection, SUSPICION, subject(connector, tool), now);
    if (waiting(connection, connector, now).isEmpty()) {
      var _ = Alarms.resolve(connection, WAITING, connector, now);
      var _ = Alarms.resolve(connection, RESTLESS, connector, now);
    }
  }

  /// Ends the suspicions about tools that are not known any more.
  static void forget(Connection connection, String connector, List<String> tools, Instant now)
      throws SQLException {
    for (var tool : tools) {
      var _ = Alarms.resolve(connection, SUSPICION, subject(connector, tool), now);
    }
  }

  private static Alarm suspicion(String connector, ToolChange change, Instant now) {
    var kinds =
        change.suspicions().stream()
            .map(one -> one.kind().meaning())
            .distinct()
            .collect(joining("; "));
    return new Alarm(
        SUSPICION,
        subject(connector, change.tool()),
        "what the server says of this tool looks like an attack: " + kinds,
        now);
  }

  static Alarm restless(String connector, Instant now) {
    return new Alarm(
        RESTLESS,
        connector,
        "its server describes its tools otherwise so often that not all of it is recorded; what is not stays quarantined; 'lanyard tools snapshot --connector %s' records what it says at that moment"
            .formatted(connector),
        now);
  }

  private static String subject(String connector, String tool) {
    return connector + "/" + tool;
  }

  private static Optional<Alarm> waiting(Connection connection, String connector, Instant now)
      throws SQLException {
    var waiting =
        new ToolTables(connection).of(connector).stream().filter(KnownTool::waits).toList();
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    var named =
        waiting.stream()
            .limit(MOST_NAMED)
            .map(tool -> Visible.line(tool.name()) + " (" + tool.state().value() + ")")
            .collect(joining(", "));
    return Optional.of(
        new Alarm(
            WAITING,
            connector,
            "%d of its tools are quarantined until somebody has judged them: %s%s; see 'lanyard tools list --connector %s'"
                .formatted(
                    waiting.size(),
                    named,
                    waiting.size() > MOST_NAMED ? " and others" : "",
                    connector),
            now));
  }
}
