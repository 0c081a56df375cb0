package dev.lanyard.server.delivery;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/// Sets the parameters of a statement one after the other.
final class Parameters {
  private final PreparedStatement statement;
  private int last;

  Parameters(PreparedStatement statement) {
    this.statement = statement;
  }

  Parameters add(String value) throws SQLException {
    statement.setString(++last, value);
    return this;
  }

  Parameters add(long value) throws SQLException {
    statement.setLong(++last, value);
    return this;
  }

  Parameters add(Instant value) throws SQLException {
    return add(value.toEpochMilli());
  }

  Parameters add(Optional<Instant> value) throws SQLException {
    if (value.isPresent()) {
      return add(value.get());
    }
    statement.setNull(++last, Types.BIGINT);
    return this;
  }

  Parameters addAll(Collection<String> values) throws SQLException {
    for (var value : values) {
      add(value);
    }
    return this;
  }
}
