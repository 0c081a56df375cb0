package dev.lanyard.server.export;

import java.io.IOException;

/// The other side is too slow for a batch of this size: a smaller one may arrive.
public final class TookTooLongException extends IOException {
  private static final long serialVersionUID = 1L;

  public TookTooLongException(String message) {
    super(message);
  }

  TookTooLongException(String message, IOException cause) {
    super(message, cause);
  }
}
