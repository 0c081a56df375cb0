package dev.lanyard.server.scim;

import java.util.Locale;

/// How the identity provider of a connection speaks SCIM (requirements D-9). What one of them sends
/// is never concluded from an earlier request (SCIM-E11): whatever is tolerated is tolerated in
/// every request.
public enum Compatibility {
  /// RFC 7644, and what does no harm beyond it.
  GENERIC,
  /// Okta: a `PUT` says nothing of attributes that it does not send.
  OKTA,
  /// Entra, with and without its `aadOptscim062020` flag.
  ENTRA,
  /// The strict interoperability profile: nothing is tolerated, and little is offered.
  INTEROP_STRICT,
  /// The account lifecycle profile of IPSIE.
  IPSIE;

  /// @throws IllegalArgumentException if there is no such profile; for configuration
  public static Compatibility named(String name) {
    for (var one : values()) {
      if (one.value().equals(name)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "'" + name + "' is none of generic, okta, entra, interop-strict, ipsie");
  }

  /// As it is written in the configuration.
  public String value() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Whether `"False"` is a boolean, a word without quotes a filter value, one value a list of one.
  boolean isTolerant() {
    return this == GENERIC || this == OKTA || this == ENTRA;
  }

  /// Whether a value path that matches nothing makes what it describes (SCIM-E5).
  boolean createsWhatIsMissing() {
    return this == OKTA || this == ENTRA;
  }

  /// Whether attributes that a `PUT` does not have stay (SCIM-9).
  boolean keepsWhatPutOmits() {
    return this == OKTA;
  }

  /// SCIM-P1: no `PATCH` without a path, no `PUT`, filters of `eq` and `and`, no unknown
  /// attributes, no entity tags.
  boolean isMinimal() {
    return this == INTEROP_STRICT;
  }

  /// SCIM-P2: OAuth clients that prove themselves with a key, and no tokens made by hand.
  boolean demandsKeys() {
    return this == IPSIE;
  }

  /// SCIM-P2: a password is an error, not something to overlook.
  boolean refusesPasswords() {
    return this == IPSIE;
  }
}
