package dev.lanyard.server.governance.value;

import dev.lanyard.protocol.json.JsonObject;
import java.util.Locale;

/// One figure of the report.
///
/// @param name for programs
/// @param title for people
/// @param value a whole number of the unit
/// @param basis whether it was counted or rests on something that somebody assumed
/// @param source what was counted, or who assumed what
public record Figure(
    String name, String title, long value, String unit, Basis basis, String source) {

  /// What a figure rests on.
  public enum Basis {
    /// Counted in our own record.
    MEASURED,
    /// Counted, and multiplied with something that nobody measured here.
    ASSUMED;

    public String value() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Figure measured(String name, String title, long value, String unit, String source) {
    return new Figure(name, title, value, unit, Basis.MEASURED, source);
  }

  static Figure assumed(String name, String title, long value, String unit, String source) {
    return new Figure(name, title, value, unit, Basis.ASSUMED, source);
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("name", name)
        .put("value", value)
        .put("unit", unit)
        .put("basis", basis.value())
        .put("source", source)
        .build();
  }
}
