package dev.lanyard.server.requests;

import java.time.Instant;
import java.time.LocalDate;

/// Somebody asks for a connector.
///
/// @param person who asks: our own id
/// @param connector its id in the role library
/// @param reason why, in their words
/// @param until the last day on which they need it
/// @param state what has become of it
/// @param answeredBy who answered: our own id; empty while nobody has
/// @param answer what they said; empty if nothing
/// @param submission the draft that was made of it; empty if none was
public record ExceptionRequest(
    String id,
    String person,
    String connector,
    String reason,
    LocalDate until,
    Instant at,
    State state,
    String answeredBy,
    String answer,
    String submission) {

  /// How far it is.
  public enum State {
    OPEN(""),
    /// An exception was drafted and handed in; the library says whether it is in force.
    SUBMITTED("submitted"),
    DECLINED("declined"),
    WITHDRAWN("withdrawn"),
    /// Whoever asked was switched off: what they asked before does not come back with them.
    PERSON_OFF("person-off");

    private final String value;

    State(String value) {
      this.value = value;
    }

    String value() {
      return value;
    }

    static State of(String value) {
      for (var one : values()) {
        if (one.value.equals(value)) {
          return one;
        }
      }
      throw new IllegalStateException("a request has the outcome '" + value + "'");
    }
  }

  public boolean isOpen() {
    return state == State.OPEN;
  }
}
