package dev.lanyard.server.governance.contract;

import java.math.BigDecimal;
import java.util.Optional;

/// One thing that can be tried otherwise, within bounds.
///
/// @param name of it in addresses
/// @param topic with what it belongs
/// @param step by which it is moved; values between are as good
/// @param agreed what the terms say
public record Control(
    String name,
    String topic,
    String label,
    String unit,
    BigDecimal least,
    BigDecimal most,
    BigDecimal step,
    BigDecimal agreed) {

  /// With bounds that hold what is agreed.
  static Control of(
      String name,
      String topic,
      String label,
      String unit,
      String least,
      String most,
      String step,
      BigDecimal agreed) {
    return new Control(
        name,
        topic,
        label,
        unit,
        new BigDecimal(least).min(agreed),
        new BigDecimal(most).max(agreed),
        isWhole(agreed, step) ? new BigDecimal(step) : new BigDecimal("0.0001"),
        agreed);
  }

  private static boolean isWhole(BigDecimal agreed, String step) {
    return agreed.remainder(new BigDecimal(step)).signum() == 0;
  }

  /// A value as it is written.
  public static String written(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  /// Why a value cannot be tried, in words for whoever has written it; empty if it can.
  Optional<String> refuses(String text) {
    if (!text.matches("-?\\d{1,9}(\\.\\d{1,4})?")) {
      return Optional.of("This needs a number such as " + written(agreed) + ".");
    }
    var value = new BigDecimal(text);
    return value.compareTo(least) < 0 || value.compareTo(most) > 0
        ? Optional.of("This is from %s to %s.".formatted(written(least), written(most)))
        : Optional.empty();
  }
}
