package dev.lanyard.benchmarks.kill;

import dev.lanyard.benchmarks.compare.ProcessTree;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/// The CPU time that each of the processes takes. On a machine with two cores for all of them it
/// decides how long anything takes, and unlike a clock it hardly moves when others are busy.
final class Spending {
  private final Map<Part, ProcessTree> processes;
  private final LongSupplier loadCalls;
  private Map<Part, Double> loadMillis = Map.of();

  /// Who takes it.
  enum Part {
    ASKED("the node that was asked"),
    OTHER("the other node"),
    POSTGRES("PostgreSQL"),
    DRIVER("driver and library");

    private final String label;

    Part(String label) {
      this.label = label;
    }
  }

  /// @param loadCalls how many calls the load has made so far
  Spending(Cluster cluster, long postgres, LongSupplier loadCalls) {
    this.processes =
        Map.of(
            Part.ASKED,
            cluster.processes(Place.NODE_1),
            Part.OTHER,
            cluster.processes(Place.NODE_2),
            Part.POSTGRES,
            ProcessTree.of(postgres),
            Part.DRIVER,
            ProcessTree.of(ProcessHandle.current().pid()));
    this.loadCalls = loadCalls;
  }

  /// What was taken up to a moment.
  record Sample(Map<Part, Long> millis, long calls) {}

  Sample now() {
    var millis = new EnumMap<Part, Long>(Part.class);
    processes.forEach((part, tree) -> millis.put(part, own(part, tree)));
    return new Sample(millis, loadCalls.getAsLong());
  }

  /// The others are children of the driver, which counts itself only.
  private static long own(Part part, ProcessTree tree) {
    return part == Part.DRIVER
        ? ProcessHandle.current()
            .info()
            .totalCpuDuration()
            .orElseThrow(() -> new IllegalStateException("the system does not tell CPU times"))
            .toMillis()
        : tree.cpu().toMillis();
  }

  /// Learns what a call of the load takes, while nothing else is done.
  void learnLoad(Sample before, Sample after) {
    var each = new EnumMap<Part, Double>(Part.class);
    double calls = Math.max(1, after.calls() - before.calls());
    for (var part : Part.values()) {
      each.put(part, taken(part, before, after) / calls);
    }
    loadMillis = each;
  }

  private static double taken(Part part, Sample before, Sample after) {
    return after.millis().getOrDefault(part, 0L) - before.millis().getOrDefault(part, 0L);
  }

  /// What one of some took beside the load, in milliseconds, part by part and together.
  List<Double> each(int some, Sample before, Sample after) {
    var all = new ArrayList<Double>();
    double together = 0;
    for (var part : Part.values()) {
      double load = loadMillis.getOrDefault(part, 0.0) * (after.calls() - before.calls());
      double each = (taken(part, before, after) - load) / some;
      all.add(each);
      together += each;
    }
    all.add(together);
    return all;
  }

  /// A table of what [#each] has said, one column for each.
  static void print(String title, List<String> columns, List<List<Double>> values) {
    System.out.printf("%-26s %s%n", title, String.join(" ", columns));
    for (int row = 0; row <= Part.values().length; row++) {
      var label = row < Part.values().length ? Part.values()[row].label : "together";
      var line = new StringBuilder(String.format(Locale.ROOT, "%-26s", label));
      for (int i = 0; i < columns.size(); i++) {
        var value = String.format(Locale.ROOT, "%.3f", values.get(i).get(row));
        line.append(" ".repeat(1 + Math.max(0, columns.get(i).length() - value.length())))
            .append(value);
      }
      System.out.println(line);
    }
  }
}
