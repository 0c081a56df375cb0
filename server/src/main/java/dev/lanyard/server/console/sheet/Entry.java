package dev.lanyard.server.console.sheet;

import java.util.List;

/// Asks what is to be done, and once more before it is done.
///
/// @param question what will happen, and why it is done
/// @param fields what is to be said besides
/// @param why what is asked for as the reason
public record Entry(Question question, List<Field> fields, String why) {
  public Entry {
    fields = List.copyOf(fields);
  }

  /// With a reason as everywhere.
  public Entry(Question question, List<Field> fields) {
    this(question, fields, "Why? It is recorded with your name.");
  }

  /// The question.
  ///
  /// @param action where the form is sent
  /// @param problem why nothing was done; empty if nothing is wrong
  /// @param effect what will happen, one sentence each
  /// @param button what it is called
  /// @param danger whether it takes something away
  /// @param back where nothing is done
  public record Question(
      String action,
      String problem,
      List<String> effect,
      String button,
      boolean danger,
      String back) {
    public Question {
      effect = List.copyOf(effect);
    }
  }

  /// Something to be said.
  ///
  /// @param hint what a value looks like; empty if nothing helps
  /// @param choices of which one is chosen, each with what it is called; none if it is typed
  public record Field(
      String name,
      String label,
      String value,
      String hint,
      boolean required,
      List<Choice> choices) {
    public Field {
      choices = List.copyOf(choices);
    }

    /// What must be typed.
    public static Field needed(String name, String label, String value, String hint) {
      return new Field(name, label, value, hint, true, List.of());
    }

    /// What may be typed.
    public static Field free(String name, String label, String value, String hint) {
      return new Field(name, label, value, hint, false, List.of());
    }

    /// One of a few.
    public static Field chosen(String name, String label, String value, List<Choice> choices) {
      return new Field(name, label, value, "", true, choices);
    }
  }

  /// One of a few values.
  public record Choice(String value, String label) {}
}
