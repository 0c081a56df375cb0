package dev.lanyard.server.export;

import java.io.IOException;

/// The other side does not take so much at once: fewer records may arrive, and one alone with less
/// evidence.
public final class TooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  public TooLargeException(String message) {
    super(message);
  }
}
