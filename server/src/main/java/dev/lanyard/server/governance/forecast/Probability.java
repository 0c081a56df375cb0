package dev.lanyard.server.governance.forecast;

import java.math.BigDecimal;

/// A probability as somebody wrote it, exactly.
///
/// @param value from 0 to 1, with at most six decimals
public record Probability(BigDecimal value) implements Comparable<Probability> {
  private static final int MOST_DECIMALS = 6;

  public Probability {
    if (value.signum() < 0 || value.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException(value.toPlainString() + " is not between 0 and 1");
    }
    value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    if (value.scale() > MOST_DECIMALS) {
      throw new IllegalArgumentException("a probability has at most six decimals");
    }
  }

  /// Reads `0.35` or `35%`.
  ///
  /// @throws IllegalArgumentException if it is no probability
  public static Probability parse(String text) {
    if (!text.matches("\\d{1,3}(\\.\\d{1,6})?%?")) {
      throw new IllegalArgumentException("'" + text + "' is no probability such as 0.35 or 35%");
    }
    return text.endsWith("%")
        ? new Probability(new BigDecimal(text.substring(0, text.length() - 1)).movePointLeft(2))
        : new Probability(new BigDecimal(text));
  }

  @Override
  public int compareTo(Probability other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toPlainString();
  }
}
