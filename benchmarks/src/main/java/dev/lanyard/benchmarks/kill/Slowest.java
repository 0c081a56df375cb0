package dev.lanyard.benchmarks.kill;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// What the slowest of some kills waited for: when each was taken in, answered, noted as refused by
/// each place and refused there, in milliseconds from sending it. For one thread.
final class Slowest {
  private static final int SHARE = 50;

  private final Kills kills;
  private final List<One> all = new ArrayList<>();

  private record One(int person, long sent, Watch.Refusals refusals) {
    double took() {
      return (refusals.everywhere() - sent) / 1e6;
    }
  }

  Slowest(Kills kills) {
    this.kills = kills;
  }

  void add(int person, Watch.Refusals refusals) {
    all.add(new One(person, kills.sent(person), refusals));
  }

  /// To be called when the receipts have been read: they know what a node knew when.
  void print() {
    System.out.printf("%nthe slowest fiftieth, ms from sending; (noted): what its receipt says%n");
    System.out.printf(
        "%8s %9s %9s %21s %21s %21s%n",
        "at s", "taken in", "answered", "node that was asked", "other node", "resource server");
    long first = all.getFirst().sent();
    all.stream()
        .sorted(Comparator.comparingDouble(One::took).reversed())
        .limit(Math.max(1, all.size() / SHARE))
        .forEach(one -> {
          var line = new StringBuilder();
          line.append(String.format(Locale.ROOT, "%8.1f", (one.sent() - first) / 1e9));
          line.append(millis(one, kills.takenIn(one.person())));
          line.append(millis(one, kills.answered(one.person())));
          for (var place : Place.values()) {
            line.append("  ")
                .append(millis(one, one.refusals().at(place)))
                .append(
                    String.format(
                        Locale.ROOT,
                        " %9s",
                        "(" + millis(one, kills.refusedBy(one.person(), place)).strip() + ")"));
          }
          System.out.println(line);
        });
  }

  private static String millis(One one, long at) {
    return at == Kills.NEVER
        ? String.format(Locale.ROOT, " %9s", "-")
        : String.format(Locale.ROOT, " %9.1f", (at - one.sent()) / 1e6);
  }
}
