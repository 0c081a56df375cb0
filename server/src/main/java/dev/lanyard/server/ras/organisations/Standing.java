package dev.lanyard.server.ras.organisations;

import java.util.Locale;

/// Whether an organisation counts at all. The names are kept in the database.
public enum Standing {
  /// It may enrol, and its issuers count as far as they are enrolled.
  OPEN,
  /// An operator has suspended it: nothing of it counts until it is resumed.
  SUSPENDED,
  /// It is gone for good; nobody else gets its name.
  REMOVED;

  /// As it is kept and shown.
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Standing of(String value) {
    return valueOf(value.toUpperCase(Locale.ROOT));
  }
}
