package dev.lanyard.server.console;

import java.time.Instant;

/// What one administrator asks for, and another one has to agree to before it is done.
///
/// @param about whom or what, by its id
/// @param seen what stood when it was asked for; if it is something else by then, nothing is done
/// @param wanted what it shall be
/// @param reason why, in the words of whoever asks
/// @param askedBy our own id of them
/// @param openUntil when nobody can agree to it any more
record Motion(
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
    String answer) {

  /// What motions are about. The names are kept in the database.
  enum Kind {
    /// The groups of a person, where they are duties of the console.
    GROUPS("groups"),
    /// A client of the broker.
    CLIENT("client");

    private final String value;

    Kind(String value) {
      this.value = value;
    }

    String value() {
      return value;
    }
  }

  /// What has become of it. The names are kept in the database.
  enum State {
    OPEN(""),
    DONE("done"),
    DECLINED("declined"),
    WITHDRAWN("withdrawn"),
    LAPSED("lapsed");

    private final String value;

    State(String value) {
      this.value = value;
    }

    String value() {
      return value;
    }
  }

  boolean isOpen(Instant now) {
    return state == State.OPEN && now.isBefore(openUntil);
  }
}
