package dev.lanyard.server.database;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/// Rows of PostgreSQL by `COPY` in its binary form: they arrive while the server still reads, and
/// cost both sides a fraction of a result set.
///
/// @spec https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-BINARY-FORMAT Binary Format
final class CopiedRows {
  /// Signature and flags; the length of an extension follows.
  private static final int FIXED_HEADER = 15;

  private final RawRow row;
  private final RawRow.Reader reader;
  private boolean begun;

  private CopiedRows(RawQuery query, RawRow.Reader reader) {
    this.row = new RawRow(query);
    this.reader = reader;
  }

  static void read(Connection connection, RawQuery query, RawRow.Reader reader)
      throws SQLException {
    var rows = new CopiedRows(query, reader);
    var sql = "COPY (" + query.select() + ") TO STDOUT (FORMAT binary)";
    var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
    try {
      for (var message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
        rows.take(message);
      }
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /// The protocol has one message for each row; the header may come with the first.
  private void take(byte[] octets) throws SQLException {
    var message = ByteBuffer.wrap(octets);
    if (!begun) {
      begun = true;
      message.position(FIXED_HEADER);
      int extension = message.getInt();
      message.position(message.position() + extension);
    }
    while (message.hasRemaining()) {
      int columns = message.getShort();
      if (columns < 0) {
        return;
      }
      if (columns != row.numbers() + row.texts()) {
        throw new SQLException("a row of " + columns + " columns");
      }
      read(octets, message);
      reader.read(row);
    }
  }

  private void read(byte[] octets, ByteBuffer message) throws SQLException {
    for (int i = 0; i < row.numbers(); i++) {
      if (message.getInt() != Long.BYTES) {
        throw new SQLException("not a number of 64 bits");
      }
      row.number(i, message.getLong());
    }
    for (int i = 0; i < row.texts(); i++) {
      int length = message.getInt();
      if (length < 0) {
        row.noText(i);
      } else {
        row.text(i, octets, message.position(), length);
        message.position(message.position() + length);
      }
    }
  }
}
