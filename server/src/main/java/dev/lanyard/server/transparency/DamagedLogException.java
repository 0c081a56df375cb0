package dev.lanyard.server.transparency;

/// The tree in the database is not the one that was signed. Nobody signs it again: what was changed
/// in it would be good from then on.
public final class DamagedLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DamagedLogException(String message) {
    super(message);
  }
}
