package dev.lanyard.server.audit;

import java.util.Locale;

/// What events are about, as far as it decides how long they are kept.
public enum EventClass {
  /// Somebody came in, or did not, or left.
  SIGN_IN,
  /// Something was issued for somebody, or not.
  ISSUANCE,
  /// An ID-JAG was redeemed, or not.
  REDEMPTION,
  /// A tool was called through us, or not.
  CALL,
  /// Something was ended before its time.
  KILL,
  /// A client, connector, organisation, identity provider or everything was switched off or on, or
  /// whose people count. Kept for ever: what is off, and what was at a time, is answered from it.
  SWITCH,
  /// People, groups, clients, organisations and consent came, changed and went.
  ADMINISTRATION,
  /// What is allowed changed.
  POLICY,
  /// A policy review was opened, decided or signed. Kept for ever: the evidence of a review is
  /// worth what its opening says of it.
  REVIEW,
  /// A signing key came into another state.
  KEY,
  /// Somebody outside was told, or told us.
  DELIVERY,
  /// The installation about itself.
  SYSTEM;

  /// As the configuration and the documentation call it.
  public String value() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// @throws IllegalArgumentException if there is none
  public static EventClass named(String value) {
    for (var one : values()) {
      if (one.value().equals(value)) {
        return one;
      }
    }
    throw new IllegalArgumentException("'" + value + "' is no class of events");
  }
}
