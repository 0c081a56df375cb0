package dev.lanyard.server.database;

import java.io.IOException;
import java.io.UncheckedIOException;

/// The database could not do it, or it is not known whether it did. Whoever wanted to answer a
/// request on the strength of it must refuse.
public sealed class DatabaseException extends UncheckedIOException permits TablesException {
  private static final long serialVersionUID = 1L;

  public DatabaseException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), new IOException(cause));
  }

  public DatabaseException(String message) {
    super(message, new IOException(message));
  }
}
