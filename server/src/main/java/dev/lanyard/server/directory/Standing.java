package dev.lanyard.server.directory;

/// Where a person stands.
public enum Standing {
  /// They may do what policy allows.
  ACTIVE,
  /// They may do nothing until somebody lets them in again.
  DISABLED,
  /// They are gone for ever; only their id is left, so that nobody else gets it.
  DELETED
}
