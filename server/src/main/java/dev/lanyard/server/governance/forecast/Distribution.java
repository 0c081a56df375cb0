package dev.lanyard.server.governance.forecast;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The exact distribution of a sum of independent things that each happen or not: how many of them
/// (Poisson binomial), or what they weigh together. By convolution, one thing after the other: every
/// term is positive, so nothing is lost to cancellation, and nothing is simulated.
///
/// With large weights the sum has too many values to be kept; they are counted in units then, each
/// weight rounded to the nearest one. What the unit is, is told. Immutable.
public final class Distribution {
  /// More values than this are counted in larger units: two arrays of them are 64 MB.
  static final int MOST_VALUES = 4_000_000;

  /// What a sum of floating-point numbers that should be a decile may lack of it.
  private static final double ROUNDING = 1e-12;

  private final double[] mass;
  private final long certain;
  private final long unit;
  private final double mean;

  private Distribution(double[] mass, long certain, long unit, double mean) {
    this.mass = mass;
    this.certain = certain;
    this.unit = unit;
    this.mean = mean;
  }

  /// Something that happens or not.
  ///
  /// @param probability from 0 to 1
  /// @param weight what it adds to the sum when it happens; not negative
  public record Term(double probability, long weight) {
    public Term {
      if (!(probability >= 0 && probability <= 1) || weight < 0) {
        throw new IllegalArgumentException("no term: " + probability + ", " + weight);
      }
    }
  }

  /// How many of things with these probabilities happen.
  public static Distribution ofCount(List<Double> probabilities) {
    return ofSum(probabilities.stream().map(one -> new Term(one, 1)).toList());
  }

  /// What those that happen weigh together.
  public static Distribution ofSum(List<Term> terms) {
    double mean = terms.stream().mapToDouble(one -> one.probability() * one.weight()).sum();
    long certain =
        terms.stream().filter(one -> one.probability() == 1).mapToLong(Term::weight).sum();
    // The small ones first: the sum has few values for as long as possible.
    var open =
        terms.stream()
            .filter(one -> one.probability() > 0 && one.probability() < 1 && one.weight() > 0)
            .sorted(Comparator.comparingLong(Term::weight))
            .toList();
    long total = open.stream().mapToLong(Term::weight).sum();
    long unit = total / MOST_VALUES + 1;
    return new Distribution(convolved(open, unit), certain, unit, mean);
  }

  private static double[] convolved(List<Term> terms, long unit) {
    int largest = (int) terms.stream().mapToLong(one -> rounded(one, unit)).sum();
    var current = new double[largest + 1];
    var next = new double[largest + 1];
    current[0] = 1;
    int used = 0;
    for (var term : terms) {
      int weight = rounded(term, unit);
      convolve(current, next, used, weight, term.probability());
      used += weight;
      var spare = current;
      current = next;
      next = spare;
    }
    return current.length == used + 1 ? current : Arrays.copyOf(current, used + 1);
  }

  private static int rounded(Term term, long unit) {
    return Math.toIntExact((term.weight() + unit / 2) / unit);
  }

  /// Two arrays and loops without a branch, so that the compiler can do several values at once.
  private static void convolve(
      double[] from, double[] to, int used, int weight, double probability) {
    double not = 1 - probability;
    for (int i = 0; i <= used; i++) {
      to[i] = from[i] * not;
    }
    Arrays.fill(to, used + 1, used + weight + 1, 0);
    for (int i = 0; i <= used; i++) {
      to[i + weight] += from[i] * probability;
    }
  }

  /// The expected value, not rounded to units.
  public double mean() {
    return mean;
  }

  /// The smallest value that the sum does not exceed with at least this probability.
  ///
  /// @param probability above 0, below 1
  public long quantile(double probability) {
    double sum = 0;
    for (int i = 0; i < mass.length; i++) {
      sum += mass[i];
      if (sum >= probability - ROUNDING) {
        return certain + i * unit;
      }
    }
    return certain + (mass.length - 1) * unit;
  }

  /// The probability that the sum is exactly this.
  double of(long value) {
    long index = value - certain;
    return index < 0 || index % unit != 0 || index / unit >= mass.length
        ? 0
        : mass[(int) (index / unit)];
  }

  /// In what the values are counted: 1, unless there would be too many of them.
  public long unit() {
    return unit;
  }
}
