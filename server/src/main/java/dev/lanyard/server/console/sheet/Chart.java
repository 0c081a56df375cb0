package dev.lanyard.server.console.sheet;

import java.util.List;
import java.util.Locale;

/// A picture of figures, drawn by the server. Its colours are those of the style, light and dark.
/// Nobody depends on it: a table beside it says the same.
///
/// @param label what it says to whoever cannot see it
/// @param width of the sheet that the marks are on
/// @param marks from the lowest layer to the highest
public record Chart(String label, int width, int height, List<Mark> marks) {
  public Chart {
    marks = List.copyOf(marks);
  }

  /// Something on the sheet. Its origin is at the top left.
  public sealed interface Mark {}

  /// A filled rectangle.
  ///
  /// @param title what it stands for, shown by a pointer above it
  public record Bar(int x, int y, int width, int height, Tone tone, String title) implements Mark {}

  /// A straight line.
  public record Line(int fromX, int fromY, int toX, int toY, Tone tone) implements Mark {}

  /// A filled circle.
  ///
  /// @param title what it stands for, shown by a pointer above it
  public record Dot(int x, int y, int radius, Tone tone, String title) implements Mark {}

  /// One line of text.
  ///
  /// @param x where it begins, has its middle, or ends
  /// @param y of its base line
  public record Words(int x, int y, Anchor anchor, String text) implements Mark {}

  /// On which side of its place a text stands.
  public enum Anchor {
    START,
    MIDDLE,
    END;

    /// As SVG calls it.
    public String value() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What a mark means; the style says which colour that is.
  public enum Tone {
    /// What is good, or what the picture is about.
    MAIN,
    /// What is not there yet.
    NEXT,
    /// What is missing.
    GAP,
    /// What nobody knows.
    UNKNOWN,
    /// From the low to the high end.
    RANGE,
    /// Axes and what one compares with.
    AXIS;

    /// The class by which the style knows it.
    public String style() {
      return "tone-" + name().toLowerCase(Locale.ROOT);
    }
  }
}
