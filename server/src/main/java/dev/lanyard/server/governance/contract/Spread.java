package dev.lanyard.server.governance.contract;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.function.Function;
import java.util.stream.Stream;

/// Something that is not known exactly.
public record Spread<T>(T low, T expected, T high) {
  static <T> Spread<T> of(T known) {
    return new Spread<>(known, known, known);
  }

  <R> Spread<R> map(Function<T, R> change) {
    return new Spread<>(change.apply(low), change.apply(expected), change.apply(high));
  }

  /// The same as a range: low and high are as far from each other as any two of the three. The
  /// first and last decile of something rare are both zero, below what is expected of it, and what
  /// costs less by the dozen turns them round.
  Spread<T> around(Comparator<T> order) {
    var sorted = Stream.of(low, expected, high).sorted(order).toList();
    return new Spread<>(sorted.getFirst(), expected, sorted.getLast());
  }

  /// @throws IllegalArgumentException if they are in another order
  static Spread<BigDecimal> ordered(BigDecimal low, BigDecimal expected, BigDecimal high) {
    if (low.compareTo(expected) > 0 || expected.compareTo(high) > 0) {
      throw new IllegalArgumentException("needs low, expected and high in this order of size");
    }
    return new Spread<>(low, expected, high);
  }
}
