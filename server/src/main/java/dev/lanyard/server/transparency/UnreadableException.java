package dev.lanyard.server.transparency;

/// An export cannot be read or written, so that nothing can be said about it; the message tells
/// why.
public final class UnreadableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableException(String message) {
    super(message);
  }
}
