package dev.lanyard.server.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Statements of one transaction that go to the database together: a round trip to PostgreSQL costs
/// more than most of what they do. They are done in their order, when [#send] returns and not
/// before: nothing in between may read what they write. Not thread-safe.
public final class Writes implements Writing {
  /// Statements with many rows are work enough for a round trip of their own.
  private static final int PARAMETERS = 1000;

  private final Connection connection;
  private final boolean joins;
  private final List<Write> waiting = new ArrayList<>();
  private int parameters;

  /// @param joins see [Engine#joinsStatements]
  Writes(Connection connection, boolean joins) {
    this.connection = connection;
    this.joins = joins;
  }

  private record Write(String sql, int parameters, Binding binding) {}

  @Override
  public void write(String sql, int parameters, Binding binding) throws SQLException {
    if (this.parameters + parameters > PARAMETERS) {
      send();
    }
    waiting.add(new Write(sql, parameters, binding));
    this.parameters += parameters;
  }

  /// Has them done.
  public void send() throws SQLException {
    send("");
  }

  /// Has them done, and then the transaction committed where that takes no round trip of its own.
  void sendLast() throws SQLException {
    send(joins ? "COMMIT" : "");
  }

  private void send(String last) throws SQLException {
    if (joins) {
      together(last);
    } else {
      for (var write : waiting) {
        execute(write.sql(), List.of(write));
      }
    }
    waiting.clear();
    parameters = 0;
  }

  private void together(String last) throws SQLException {
    var texts = new ArrayList<>(waiting.stream().map(Write::sql).toList());
    if (!last.isEmpty()) {
      texts.add(last);
    }
    if (!texts.isEmpty()) {
      execute(String.join(";", texts), waiting);
    }
  }

  private void execute(String sql, List<Write> writes) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      int before = 0;
      for (var write : writes) {
        write.binding().bind(statement, before);
        before += write.parameters();
      }
      statement.execute();
    }
  }
}
