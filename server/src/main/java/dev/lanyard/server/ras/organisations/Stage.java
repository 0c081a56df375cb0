package dev.lanyard.server.ras.organisations;

import java.util.Locale;

/// How far the enrolment of an issuer is. The names are kept in the database.
public enum Stage {
  /// Somebody says that the issuer is theirs. Nothing is trusted.
  CLAIMED,
  /// They have proved it. Nothing is trusted before they switch it on.
  PROVEN,
  /// Its first good assertion makes it [#ACTIVE]; until then nobody has come through it.
  PENDING,
  /// It speaks for its organisation's people.
  ACTIVE;

  /// Whether its assertions are looked at.
  public boolean isTrusted() {
    return this == PENDING || this == ACTIVE;
  }

  /// As it is kept and shown.
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Stage of(String value) {
    return valueOf(value.toUpperCase(Locale.ROOT));
  }
}
