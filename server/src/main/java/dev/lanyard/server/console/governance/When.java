package dev.lanyard.server.console.governance;

import dev.lanyard.protocol.oauth.Form;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;

/// The time of which a page is asked. A time has its offset with it, so that a reader may write
/// their own; a day alone is the end of it in UTC, as days are counted.
sealed interface When {
  /// The name of the field.
  String FIELD = "at";

  /// What a reader is told to write.
  String FORM = "Write a day or a time that is over, such as 2026-10-03 or 2026-10-03T09:14+02:00.";

  /// The address says nothing, or this day.
  record Now() implements When {}

  record At(Instant instant, String text) implements When {}

  /// Nobody can read it, or it is not over yet.
  record Never(String text) implements When {}

  static When of(Optional<Form> query, Instant now) {
    var text = query.flatMap(form -> form.one(FIELD)).orElse("").strip();
    if (text.isEmpty()) {
      return new Now();
    }
    try {
      return text.matches("\\d{4}-\\d{2}-\\d{2}")
          ? day(LocalDate.parse(text), text, now)
          : instant(OffsetDateTime.parse(text).toInstant(), text, now);
    } catch (DateTimeException e) {
      return new Never(text);
    }
  }

  private static When day(LocalDate day, String text, Instant now) {
    return day.equals(LocalDate.ofInstant(now, ZoneOffset.UTC))
        ? new Now()
        : instant(day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant(), text, now);
  }

  private static When instant(Instant at, String text, Instant now) {
    return at.isAfter(now) ? new Never(text) : new At(at, text);
  }

  /// As it was written; empty for now.
  default String asked() {
    return switch (this) {
      case Now() -> "";
      case At(_, var text) -> text;
      case Never(var text) -> text;
    };
  }

  /// For an address of something else of the same time.
  default Map<String, String> parameter() {
    return Map.of(FIELD, asked());
  }
}
