package dev.lanyard.server.keys;

/// A key cannot be used; the message tells the administrator why.
public final class KeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  KeyException(String message) {
    super(message);
  }

  KeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
