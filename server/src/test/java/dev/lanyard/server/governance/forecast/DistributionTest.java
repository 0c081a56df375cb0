package dev.lanyard.server.governance.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanyard.server.governance.forecast.Distribution.Term;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Mission fact 7: expected coverage with its exact distribution, not simulated")
class DistributionTest {
  private static List<Term> terms(int many, int heaviest) {
    // The same terms in every run.
    var random = new Random(many * 31L + heaviest);
    var terms = new ArrayList<Term>();
    for (int i = 0; i < many; i++) {
      terms.add(new Term(random.nextDouble(), random.nextInt(heaviest + 1)));
    }
    return terms;
  }

  /// Every way in which it can come, one by one.
  private static TreeMap<Long, Double> enumerated(List<Term> terms) {
    var all = new TreeMap<Long, Double>();
    for (int way = 0; way < 1 << terms.size(); way++) {
      double probability = 1;
      long sum = 0;
      for (int i = 0; i < terms.size(); i++) {
        boolean happens = (way >> i & 1) == 1;
        probability *= happens ? terms.get(i).probability() : 1 - terms.get(i).probability();
        sum += happens ? terms.get(i).weight() : 0;
      }
      all.merge(sum, probability, Double::sum);
    }
    return all;
  }

  @Test
  void a_weighted_sum_is_what_counting_every_way_one_by_one_gives() {
    var terms = terms(12, 40);
    var distribution = Distribution.ofSum(terms);
    var expected = enumerated(terms);
    expected.forEach((value, probability) ->
        assertThat(distribution.of(value)).isCloseTo(probability, within(1e-14)));
    assertThat(distribution.mean())
        .isCloseTo(
            expected.entrySet().stream().mapToDouble(e -> e.getKey() * e.getValue()).sum(),
            within(1e-9));
  }

  @Test
  void how_many_of_equal_things_is_the_binomial_distribution() {
    var distribution = Distribution.ofCount(Collections.nCopies(4, 0.5));
    for (int i = 0; i <= 4; i++) {
      assertThat(distribution.of(i)).isEqualTo(new double[] {1, 4, 6, 4, 1}[i] / 16);
    }
    assertThat(distribution.quantile(0.1)).isEqualTo(1);
    assertThat(distribution.quantile(0.5)).isEqualTo(2);
    assertThat(distribution.quantile(0.9)).isEqualTo(3);
  }

  @Test
  void what_is_certain_counts_and_what_cannot_be_does_not() {
    var distribution =
        Distribution.ofSum(List.of(new Term(1, 7), new Term(0, 100), new Term(0.25, 2)));
    assertThat(distribution.of(7)).isEqualTo(0.75);
    assertThat(distribution.of(9)).isEqualTo(0.25);
    assertThat(distribution.of(8)).isZero();
    assertThat(distribution.quantile(0.9)).isEqualTo(9);
    assertThat(distribution.mean()).isEqualTo(7.5);
  }

  @Test
  void nothing_is_certainly_nothing() {
    assertThat(Distribution.ofSum(List.of()).quantile(0.9)).isZero();
    assertThat(Distribution.ofCount(List.of()).mean()).isZero();
  }

  @Test
  void a_thousand_connectors_add_up_to_one() {
    var distribution = Distribution.ofSum(terms(1000, 300));
    double sum = 0;
    for (long value = 0; value <= 300_000; value++) {
      sum += distribution.of(value);
    }
    assertThat(sum).isCloseTo(1, within(1e-10));
    assertThat(distribution.unit()).isEqualTo(1);
  }

  @Test
  void more_values_than_memory_has_place_for_are_counted_in_units_and_that_is_told() {
    var terms = terms(40, 3_000_000);
    var distribution = Distribution.ofSum(terms);
    assertThat(distribution.unit()).isGreaterThan(1);
    double mean = terms.stream().mapToDouble(one -> one.probability() * one.weight()).sum();
    assertThat(distribution.mean()).isCloseTo(mean, within(1e-3));
    assertThat((double) distribution.quantile(0.5)).isCloseTo(mean, within(mean / 10));
  }

  @Test
  void what_is_no_probability_is_refused() {
    assertThatThrownBy(() -> new Term(1.01, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Term(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Term(0.5, -1)).isInstanceOf(IllegalArgumentException.class);
  }
}
