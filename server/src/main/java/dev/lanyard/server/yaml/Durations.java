package dev.lanyard.server.yaml;

import java.time.Duration;
import java.util.regex.Pattern;

/// Durations as administrators write them, and as they read them.
public final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Durations() {}

  /// @throws IllegalArgumentException if it is not a number with a unit
  public static Duration parse(String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration; write a number and ms, s, m, h or d, e.g. 45m");
    }
    long amount = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /// For people, in the largest unit that it is a whole number of: `30 d`, `90 min`, `0 s`.
  public static String told(Duration duration) {
    if (duration.isZero()) {
      return "0 s";
    }
    if (duration.toSeconds() % 86_400 == 0) {
      return duration.toDays() + " d";
    }
    if (duration.toSeconds() % 3600 == 0) {
      return duration.toHours() + " h";
    }
    return duration.toSeconds() % 60 == 0
        ? duration.toMinutes() + " min"
        : duration.toSeconds() + " s";
  }
}
