package dev.lanyard.server.ras.organisations;

import java.util.Locale;

/// How control was proved. The names are kept in the database.
public enum Proof {
  /// A document below the issuer itself, or below the domain that is proved.
  DOCUMENT,
  /// A document below a domain of the organisation that names the issuer. The issuer has the other
  /// half of the proof: its first assertion must be about an address of a proven domain.
  DOMAIN,
  /// An ID-JAG for this server that carries the one-time value.
  ASSERTION,
  /// The operator's word; for domains only.
  OPERATOR;

  /// As it is kept and shown.
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Proof of(String value) {
    return valueOf(value.toUpperCase(Locale.ROOT));
  }
}
