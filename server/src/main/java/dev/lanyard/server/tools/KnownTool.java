package dev.lanyard.server.tools;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// What is known of one tool of a connector.
///
/// @param connector its id in the role library
/// @param name as the server calls it
/// @param state how it stands
/// @param current the hash of what the server said last; empty if it has the tool no more
/// @param since when the server began to say that
/// @param accepted what an administrator has accepted last; empty if nobody ever has
public record KnownTool(
    String connector,
    String name,
    State state,
    Optional<String> current,
    Instant since,
    Optional<Accepted> accepted) {

  /// What was accepted.
  ///
  /// @param hash of the definition
  /// @param grade that the role library gave the tool then
  /// @param by whom
  public record Accepted(String hash, String grade, String by, Instant at) {}

  /// How a tool stands. But for [#ACCEPTED] nobody may use it.
  public enum State {
    /// Nobody has ever accepted it.
    NEW("new"),
    /// The server has said something else since it was accepted, though it may have taken that
    /// back.
    CHANGED("changed"),
    /// An administrator has taken the acceptance back. It stays so whatever the server says of it
    /// afterwards, also if it has the tool no more in between.
    WITHDRAWN("withdrawn"),
    /// It is what was accepted.
    ACCEPTED("accepted"),
    /// The server has it no more.
    REMOVED("removed");

    private final String value;

    State(String value) {
      this.value = value;
    }

    /// As it is written.
    public String value() {
      return value;
    }

    static State of(String value) {
      return Arrays.stream(values())
          .filter(one -> one.value.equals(value))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("the record holds the state " + value));
    }
  }

  /// Whether it may give its place to another one: the server has it no more, and nobody ever
  /// judged it.
  boolean isReplaceable() {
    return state == State.REMOVED && accepted.isEmpty();
  }

  /// Whether it may be forgotten: the server has it no more, or nobody ever judged it.
  public boolean isForgettable() {
    return current.isEmpty() || state == State.NEW;
  }

  /// Whether somebody has to judge it.
  public boolean waits() {
    return current.isPresent() && state != State.ACCEPTED;
  }
}
