package dev.lanyard.benchmarks.kill;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Whether a history can be explained by kills that happened at one moment at each place.
///
/// * What was promised: a call that begins after the kill was answered (at the node that answered),
///   after the moment from which a place refuses by the receipt, or after the receipt itself, does
///   not succeed.
/// * Nobody revives: at a place that has refused somebody no later call of theirs succeeds.
/// * Nobody else is harmed: who is not killed is never refused.
final class Judge {
  private final History history;
  private final Kills kills;
  private final Map<Point, long[]> counts = new HashMap<>();
  private long afterPromise;
  private long revived;
  private long harmed;
  private long refusedAfterPromise;

  Judge(History history, Kills kills) {
    this.history = history;
    this.kills = kills;
    for (var point : Point.ALL) {
      counts.put(point, new long[Outcome.values().length]);
    }
  }

  /// @return whether nothing was found
  boolean judge(int people) {
    var refused = firstRefusals(people);
    for (var part : history.parts()) {
      for (int call = 0; call < part.size(); call++) {
        judge(part, call, refused);
      }
    }
    return afterPromise == 0 && revived == 0 && harmed == 0;
  }

  /// When somebody was first told no, by place.
  private long[][] firstRefusals(int people) {
    var first = new long[Place.values().length][people];
    for (var times : first) {
      Arrays.fill(times, Kills.NEVER);
    }
    for (var part : history.parts()) {
      for (int call = 0; call < part.size(); call++) {
        if (part.outcome(call) == Outcome.REFUSED) {
          var times = first[part.point(call).place.ordinal()];
          times[part.person(call)] = Math.min(times[part.person(call)], part.ended(call));
        }
      }
    }
    return first;
  }

  private void judge(History.Part part, int call, long[][] refused) {
    int person = part.person(call);
    var point = part.point(call);
    var outcome = part.outcome(call);
    var count = counts.get(point);
    if (count != null) {
      count[outcome.ordinal()]++;
    }
    boolean promised = part.began(call) > kills.promised(person, point.place);
    switch (outcome) {
      case ACCEPTED -> {
        afterPromise += promised ? 1 : 0;
        revived += part.began(call) > refused[point.place.ordinal()][person] ? 1 : 0;
      }
      case REFUSED -> {
        refusedAfterPromise += promised ? 1 : 0;
        harmed += part.ended(call) < kills.sent(person) ? 1 : 0;
      }
      case UNAVAILABLE -> {}
    }
  }

  void print() {
    System.out.printf("%ncalls            accepted    refused  unavailable%n");
    for (var point : Point.ALL) {
      var count = counts.getOrDefault(point, new long[Outcome.values().length]);
      System.out.printf("%-14s %10d %10d %12d%n", point, count[0], count[1], count[2]);
    }
    System.out.printf(
        "%d calls; %d began after the kill was promised and were refused%n",
        history.size(), refusedAfterPromise);
    System.out.printf(
        "violations: %d succeeded after the promise, %d after a refusal, %d refused for nothing%n",
        afterPromise, revived, harmed);
  }
}
