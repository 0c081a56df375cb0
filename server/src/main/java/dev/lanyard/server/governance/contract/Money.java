package dev.lanyard.server.governance.contract;

import dev.lanyard.protocol.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;

/// An amount in exact decimals. It is rounded to the smallest coin only where it is shown, half to
/// even, so that a thousand small prices add up to what they are.
public record Money(BigDecimal amount, Currency currency) {
  static Money zero(Currency currency) {
    return new Money(BigDecimal.ZERO, currency);
  }

  /// @throws IllegalArgumentException if the other is of another currency
  Money plus(Money other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException(currency + " and " + other.currency + " do not add up");
    }
    return new Money(amount.add(other.amount), currency);
  }

  Money times(BigDecimal factor) {
    return new Money(amount.multiply(factor), currency);
  }

  Money times(long factor) {
    return times(BigDecimal.valueOf(factor));
  }

  private BigDecimal rounded() {
    return amount.setScale(
        Math.max(0, currency.getDefaultFractionDigits()), RoundingMode.HALF_EVEN);
  }

  /// An amount that somebody wrote.
  ///
  /// @throws IllegalArgumentException if it is none
  static BigDecimal parse(String text) {
    if (!text.matches("\\d{1,12}(\\.\\d{1,6})?")) {
      throw new IllegalArgumentException("'" + text + "' is no amount such as 1234.50");
    }
    return new BigDecimal(text);
  }

  static Currency currency(String code) {
    try {
      return Currency.getInstance(code);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + code + "' is no currency such as EUR", e);
    }
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("amount", rounded().toPlainString())
        .put("currency", currency.getCurrencyCode())
        .build();
  }

  /// For people who know the currency: `12,345.60`.
  public String figure() {
    return "%,.{d}f".replace("{d}", String.valueOf(rounded().scale())).formatted(rounded());
  }

  /// For people: `12,345.60 EUR`.
  @Override
  public String toString() {
    return figure() + " " + currency.getCurrencyCode();
  }
}
