package dev.lanyard.server.governance.forecast;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The exact distribution of a sum of independent things that each happen or not: how many of them
/// (Poisson binomial), or what they weigh together. By convolution, one thing after the other:
/// every term is positive, so nothing is lost to cancellation, and nothing is simulated.
///
/// With large weights the sum has too many values to be kept; they are counted in units then, each
/// weight rounded to the nearest one. What the unit is, is told. Immutable.
public final class Distribution {
  /// More values than this are counted in larger units: two arrays of them are 16 MB.
  static final int MOST_VALUES = 1_000_000;

  /// Tails below this are dropped: all of them together are less than what the last digit of a
  /// probability can tell, and numbers that are too small for their form make a processor slow.
  private static final double NEGLIGIBLE = 1e-30;

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
    var sum = new Sum((int) open.stream().mapToLong(one -> rounded(one, unit)).sum());
    open.forEach(term -> sum.add(rounded(term, unit), term.probability()));
    return new Distribution(sum.mass(), certain + sum.low * unit, unit, mean);
  }

  private static int rounded(Term term, long unit) {
    return Math.toIntExact((term.weight() + unit / 2) / unit);
  }

  /// The distribution while it grows, term by term. Only the values between `low` and `high` have a
  /// mass.
  private static final class Sum {
    private double[] current;
    private double[] next;
    private int low;
    private int high;

    Sum(int largest) {
      current = new double[largest + 1];
      next = new double[largest + 1];
      current[0] = 1;
    }

    /// Loops without a branch, so that the compiler can do several values at once.
    void add(int weight, double probability) {
      double not = 1 - probability;
      int overlap = Math.min(low + weight, high + 1);
      for (int i = low; i < overlap; i++) {
        next[i] = current[i] * not;
      }
      if (overlap < low + weight) {
        Arrays.fill(next, overlap, low + weight, 0);
      }
      for (int i = low + weight; i <= high; i++) {
        next[i] = current[i] * not + current[i - weight] * probability;
      }
      for (int i = Math.max(high + 1, low + weight); i <= high + weight; i++) {
        next[i] = current[i - weight] * probability;
      }
      high += weight;
      trim();
    }

    private void trim() {
      while (low < high && next[low] < NEGLIGIBLE) {
        low++;
      }
      while (high > low && next[high] < NEGLIGIBLE) {
        high--;
      }
      var spare = current;
      current = next;
      next = spare;
    }

    double[] mass() {
      return Arrays.copyOfRange(current, low, high + 1);
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
