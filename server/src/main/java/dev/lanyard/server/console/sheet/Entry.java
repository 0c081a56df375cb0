package dev.lanyard.server.console.sheet;

import java.util.List;

/// A form that asks for what is needed to do something, and says what will happen.
///
/// @param question what will happen, and why it is done
/// @param fields what else has to be entered
/// @param why the question for the reason
public record Entry(Question question, List<Field> fields, String why) {
  public Entry {
    fields = List.copyOf(fields);
  }

  /// The same with the usual question for the reason.
  public Entry(Question question, List<Field> fields) {
    this(question, fields, "Why? It is recorded with your name.");
  }

  /// The question.
  ///
  /// @param action where the form is sent
  /// @param problem why nothing was done; empty if nothing is wrong
  /// @param effect what will happen, one sentence each
  /// @param button the label of the button
  /// @param danger whether it takes something away
  /// @param back the way out, where nothing is done
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

  /// One thing to enter.
  ///
  /// @param hint what a value looks like; empty if nothing helps
  /// @param choices the values to choose from, with their labels; none if the value is typed
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

    /// A field that must be filled in.
    public static Field needed(String name, String label, String value, String hint) {
      return new Field(name, label, value, hint, true, List.of());
    }

    /// A field that may be left empty.
    public static Field free(String name, String label, String value, String hint) {
      return new Field(name, label, value, hint, false, List.of());
    }

    /// A choice of one value.
    public static Field chosen(String name, String label, String value, List<Choice> choices) {
      return new Field(name, label, value, "", true, choices);
    }
  }

  /// One of a few values.
  public record Choice(String value, String label) {}
}
