package dev.lanyard.server.condition;

/// An expression is not a condition; the message says why and where in it.
public final class InvalidConditionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidConditionException(String message) {
    super(message);
  }
}
