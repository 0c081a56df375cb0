package dev.lanyard.server.http;

/// Who may call a route. It documents the decision that the handler takes, so that the table of
/// routes can be reviewed as a whole; it does not take it.
public enum Access {
  /// Anybody.
  PUBLIC,
  /// A client that authenticates, or names itself where it has no secret.
  CLIENT,
  /// A person with a browser session, or on the way to one.
  SESSION,
  /// The bearer of an access token.
  BEARER,
  /// An administrator.
  ADMIN
}
