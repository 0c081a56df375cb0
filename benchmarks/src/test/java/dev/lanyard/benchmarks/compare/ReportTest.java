package dev.lanyard.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final StartUp START = new StartUp(640, 90);

  private static Measurement measured(double serverCpu, long refused, double others) {
    return new Measurement(100, 1.5, 3.25, serverCpu, 0.05, refused, 0, others, 120);
  }

  private static String table(Measurement lanyard) {
    var floor = new Result("Floor", START, 0, 0, Map.of(Operation.REDEEM, measured(0.05, 0, 0)));
    var ours = new Result("Lanyard", START, 150, 40, Map.of(Operation.REDEEM, lanyard));
    return new Report(Map.of("connections", "8"), List.of(floor, ours)).table();
  }

  private static String row(String table, String server) {
    return table.lines().filter(line -> line.contains(server)).findFirst().orElseThrow();
  }

  @Test
  void shows_cpu_of_server_and_database_together_and_as_a_multiple_of_the_floor() {
    assertThat(row(table(measured(0.15, 0, 0)), "Lanyard"))
        .containsSubsequence("100", "1.50", "3.25", "0.200", "0.150", "0.050", "2.0");
  }

  @Test
  void marks_a_row_with_refused_requests_as_worthless() {
    var table = table(measured(0.15, 1, 0));
    assertThat(row(table, "Lanyard")).contains("Lanyard !");
    assertThat(table).contains("the row means nothing");
  }

  @Test
  void marks_a_row_that_neighbours_disturbed() {
    assertThat(row(table(measured(0.15, 0, 0.3)), "Lanyard")).contains("Lanyard ~");
  }

  @Test
  void says_nothing_of_noise_when_there_was_none() {
    assertThat(table(measured(0.15, 0, 0))).doesNotContain("~", "!");
  }
}
