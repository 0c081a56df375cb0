package dev.lanyard.server.gateway.session;

import dev.lanyard.protocol.json.Excerpt;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// What the answer to a request may hold, and so what has to be done with it.
public sealed interface Expected {
  /// Whatever the server says.
  record Anything() implements Expected {}

  /// Lists, of which the caller is shown their part.
  record Lists() implements Expected {}

  /// What somebody may keep for a while: it must not be kept for others.
  record Kept() implements Expected {}

  /// What something graded says, of which the grade is told or parts are recorded.
  ///
  /// @param grade a name without blanks
  /// @param key as the library names it, as far as the record keeps it
  record Graded(String grade, String key) implements Expected {
    private static final int MOST_KEPT = 160;

    public Graded {
      key = Excerpt.of(key, MOST_KEPT);
    }
  }

  /// What a call gives, or a task of which that is asked for later.
  ///
  /// @param tool that is called
  /// @param result what the result may hold, now or later
  record OrTask(String tool, Expected result) implements Expected {}

  /// How far a task is, with its result or without.
  ///
  /// @param task the hash of its id
  /// @param result what the result may hold
  record OfTask(String task, Expected result) implements Expected {}

  /// Tasks, of which the caller is shown their own.
  record Tasks() implements Expected {}

  /// Whether its answer need not be here as a whole.
  default boolean passes() {
    return this instanceof Anything || this instanceof Kept;
  }

  /// As it is kept in the record.
  default String word() {
    return switch (this) {
      case Anything() -> "anything";
      case Lists() -> "lists";
      case Kept() -> "kept";
      case Graded(var grade, var key) -> "graded " + grade + " " + key;
      case OrTask(var tool, var result) -> "or-task " + packed(tool) + " " + result.word();
      case OfTask(var task, var result) -> "of-task " + task + " " + result.word();
      case Tasks() -> "tasks";
    };
  }

  /// What is kept in the record under this word; empty if nothing is, as a newer program may have
  /// written it.
  static Optional<Expected> of(String word) {
    var parts = word.split(" ", 3);
    return switch (parts[0]) {
      case "anything" -> Optional.of(new Anything());
      case "lists" -> Optional.of(new Lists());
      case "kept" -> Optional.of(new Kept());
      case "graded" -> Optional.of(new Graded(parts[1], parts[2]));
      case "or-task" -> of(parts[2]).map(result -> new OrTask(unpacked(parts[1]), result));
      case "of-task" -> of(parts[2]).map(result -> new OfTask(parts[1], result));
      case "tasks" -> Optional.of(new Tasks());
      default -> Optional.empty();
    };
  }

  /// Without blanks.
  private static String packed(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String unpacked(String word) {
    return new String(Base64.getUrlDecoder().decode(word), StandardCharsets.UTF_8);
  }
}
