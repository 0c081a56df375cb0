package dev.lanyard.server.http;

import java.util.Optional;

/// A request method that a route can serve. `HEAD` is served by whoever serves `GET`.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9110.html#section-9 RFC 9110 §9
public enum Method {
  GET,
  POST,
  PUT,
  PATCH,
  DELETE,
  OPTIONS;

  /// The method with this name, which is case-sensitive; empty if no route can serve it.
  static Optional<Method> of(String name) {
    return switch (name) {
      case "GET", "HEAD" -> Optional.of(GET);
      case "POST" -> Optional.of(POST);
      case "PUT" -> Optional.of(PUT);
      case "PATCH" -> Optional.of(PATCH);
      case "DELETE" -> Optional.of(DELETE);
      case "OPTIONS" -> Optional.of(OPTIONS);
      default -> Optional.empty();
    };
  }
}
