package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.json.MalformedException;
import java.util.Optional;

/// How rules become others. What becomes of them is worked out inside the transaction that writes
/// it, on the rules that are there then: whoever changes one rule writes none of the others back as
/// they were before.
///
/// @param seen the version that somebody has read who sets all of them; empty where only what is
///   named changes
/// @param <R> the rules
public record Revision<R>(Optional<String> seen, Change<R> change) {

  /// What becomes of rules.
  @FunctionalInterface
  public interface Change<R> {
    /// @throws MalformedException with a sentence for whoever wants it
    R of(R known) throws MalformedException;
  }

  /// Something that is right whatever else somebody has changed meanwhile.
  public static <R> Revision<R> of(Change<R> change) {
    return new Revision<>(Optional.empty(), change);
  }

  /// Something that is done to these rules, and to no others.
  ///
  /// @param seen their version
  public static <R> Revision<R> ofSeen(String seen, Change<R> change) {
    return new Revision<>(Optional.of(seen), change);
  }

  /// What a revision came to.
  sealed interface Outcome<R> {
    record Revised<R>(R rules) implements Outcome<R> {}

    record Not<R>(Problem problem) implements Outcome<R> {}
  }

  /// @param version that of the rules that are there
  Outcome<R> on(R known, String version) {
    if (seen.filter(one -> !one.equals(version)).isPresent()) {
      return new Outcome.Not<>(overtaken());
    }
    try {
      return new Outcome.Revised<>(change.of(known));
    } catch (MalformedException e) {
      return new Outcome.Not<>(new Problem("wrong_form", String.valueOf(e.getMessage())));
    }
  }

  /// Somebody was first.
  static Problem overtaken() {
    return new Problem(
        Problem.OVERTAKEN,
        "somebody has changed the rules since they were read; look at what is there now, and set"
            + " them anew");
  }
}
