package dev.lanyard.server.gateway;

import java.util.Optional;

/// What the answer to a request may hold, and so what has to be done with it.
sealed interface Expected {
  /// Whatever the server says.
  record Anything() implements Expected {}

  /// Lists, of which the caller is shown their part.
  record Lists() implements Expected {}

  /// As it is kept in the record.
  default String word() {
    return switch (this) {
      case Anything() -> "anything";
      case Lists() -> "lists";
    };
  }

  /// What is kept in the record under this word; empty if nothing is, as a newer program may have
  /// written it.
  static Optional<Expected> of(String word) {
    return switch (word) {
      case "anything" -> Optional.of(new Anything());
      case "lists" -> Optional.of(new Lists());
      default -> Optional.empty();
    };
  }
}
