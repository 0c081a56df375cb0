package dev.lanyard.server.database;

/// The database answers, and its tables are not those of this program: they are not there yet,
/// older or newer. The message says which, and what to do.
public final class TablesException extends DatabaseException {
  private static final long serialVersionUID = 1L;

  TablesException(String message) {
    super(message);
  }
}
