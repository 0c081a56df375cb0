package dev.lanyard.server.revocation;

/// What can be denied.
///
/// @param kind what sort of thing it is
/// @param value its identifier
public record Denied(Kind kind, String value) {
  /// The sorts of things. The names are kept in the database.
  public enum Kind {
    /// A person: everything that was issued for them up to an instant.
    PERSON,
    /// A session at the broker: everything that descends from it, for ever.
    SESSION,
    /// A grant: every token of one ID-JAG or of one sign-in at a client, for ever.
    GRANT
  }

  public static Denied person(String id) {
    return new Denied(Kind.PERSON, id);
  }

  public static Denied session(String id) {
    return new Denied(Kind.SESSION, id);
  }

  public static Denied grant(String id) {
    return new Denied(Kind.GRANT, id);
  }
}
