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

  /// Definitions are suspicious that nobody has judged; the subject is the connector.
  static final String SUSPICION = "tool-suspicious";

  /// Changes are not recorded any more; the subject is the connector.
  static final String RESTLESS = "tools-restless";

  private static final int MOST_NAMED = 10;

  private ToolAlarms() {}

  /// Raises what changes are about.
  static void raise(Connection connection, String connector, List<ToolChange> changes, Instant now)
      throws SQLException {
    var alarms = new ArrayList<Alarm>();
    if (changes.stream().anyMatch(change -> !change.suspicions().isEmpty())) {
      suspected(connection, connector, now).ifPresent(alarms::add);
    }
    waiting(connection, connector, now).ifPresent(alarms::add);
    Alarms.raise(connection, alarms);
  }

  /// Ends what a judgement has dealt with.
  static void resolve(Connection connection, String connector, Instant now) throws SQLException {
    forget(connection, connector, now);
    if (waiting(connection, connector, now).isEmpty()) {
      var _ = Alarms.resolve(connection, WAITING, connector, now);
      var _ = Alarms.resolve(connection, RESTLESS, connector, now);
    }
  }

  /// Ends what is about tools that are not known any more.
  static void forget(Connection connection, String connector, Instant now) throws SQLException {
    if (suspected(connection, connector, now).isEmpty()) {
      var _ = Alarms.resolve(connection, SUSPICION, connector, now);
    }
  }

  private static Optional<Alarm> suspected(Connection connection, String connector, Instant now)
      throws SQLException {
    var names = new ToolTables(connection).suspected(connector);
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Alarm(
                SUSPICION,
                connector,
                "what its server says of %d of its tools looks like an attack: %s; see 'lanyard tools show --connector %s --tool NAME'"
                    .formatted(
                        names.size(), named(names.stream().map(Visible::line).toList()), connector),
                now));
  }

  static Alarm restless(String connector, Instant now) {
    return new Alarm(
        RESTLESS,
        connector,
        "its server describes its tools otherwise so often that not all of it is recorded; what is not stays quarantined; 'lanyard tools snapshot --connector %s' records what it says at that moment"
            .formatted(connector),
        now);
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
            .map(tool -> Visible.line(tool.name()) + " (" + tool.state().value() + ")")
            .toList();
    return Optional.of(
        new Alarm(
            WAITING,
            connector,
            "%d of its tools are quarantined until somebody has judged them: %s; see 'lanyard tools list --connector %s'"
                .formatted(waiting.size(), named(named), connector),
            now));
  }

  private static String named(List<String> tools) {
    return tools.stream().limit(MOST_NAMED).collect(joining(", "))
        + (tools.size() > MOST_NAMED ? " and others" : "");
  }
}
