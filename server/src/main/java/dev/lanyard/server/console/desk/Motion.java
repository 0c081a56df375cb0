package dev.lanyard.server.console.desk;

import java.time.Instant;

/// Something that one administrator asks for and another one has to agree to before it is done.
///
/// @param about whom or what, by its id
/// @param seen what stood when it was asked for; if that has changed, nothing is done
/// @param wanted what is to be instead
/// @param reason why, in the words of whoever asks
/// @param askedBy our own id of them
/// @param openUntil when nobody can agree to it any more
/// @param answer why it was declined; empty if it was not
/// @param endedBy our own id of whoever has ended it; empty if nobody has
public record Motion(
    String id,
    Kind kind,
    String about,
    String seen,
    String wanted,
    String reason,
    String askedBy,
    Instant askedAt,
    Instant openUntil,
    State state,
    String answer,
    String endedBy) {

  /// What motions are about. The names are kept in the database.
  public enum Kind {
    /// The groups of a person, where they are duties of the console.
    GROUPS("groups"),
    /// A client of the broker.
    CLIENT("client"),
    /// Somebody new, who is kept here; about their user name until they are there.
    PERSON("person"),
    /// A new password of somebody who is kept here.
    PASSWORD("password"),
    /// The erasure of who somebody is, from the audit record and the list of people.
    ERASURE("erasure"),
    /// Something that was stopped for many and goes on.
    RESUMPTION("resumption"),
    /// A legal hold that is lifted.
    HOLD("hold"),
    /// A token with which an identity provider keeps people and groups here.
    SCIM_TOKEN("scim-token"),
    /// A stream of security events that is stopped.
    STREAM("stream");

    private final String value;

    Kind(String value) {
      this.value = value;
    }

    public String value() {
      return value;
    }
  }

  /// What has become of it. The names are kept in the database.
  public enum State {
    OPEN(""),
    DONE("done"),
    DECLINED("declined"),
    WITHDRAWN("withdrawn"),
    LAPSED("lapsed");

    private final String value;

    State(String value) {
      this.value = value;
    }

    public String value() {
      return value;
    }
  }

  /// The same motion when it is done, for when nothing of it is kept.
  Motion done(String by) {
    return new Motion(
        id, kind, about, seen, wanted, reason, askedBy, askedAt, openUntil, State.DONE, answer, by);
  }

  public boolean isOpen(Instant now) {
    return state == State.OPEN && now.isBefore(openUntil);
  }
}
