package dev.lanyard.benchmarks.audit;

import com.sun.management.OperatingSystemMXBean;
import dev.lanyard.benchmarks.compare.ProcessTree;
import java.lang.management.ManagementFactory;

/// Time on a machine that others use says little; what the processes take of the CPU says more.
final class Stopwatch {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final ProcessTree other;

  private Stopwatch(ProcessTree other) {
    this.other = other;
  }

  /// Of this process alone.
  static Stopwatch alone() {
    return new Stopwatch(ProcessTree.of());
  }

  /// And of another, with whatever it has started.
  static Stopwatch with(long pid) {
    return new Stopwatch(ProcessTree.of(pid));
  }

  void time(String what, long count, Runnable task) {
    long start = System.nanoTime();
    long cpu = PROCESS.getProcessCpuTime();
    var others = other.cpu();
    task.run();
    double took = (System.nanoTime() - start) / 1e9;
    double busy = (PROCESS.getProcessCpuTime() - cpu) / 1e9;
    double busyToo = other.cpu().minus(others).toNanos() / 1e9;
    System.out.printf(
        "%s: %,d in %.3f s, %,.0f a second; CPU: %.3f s in this process (%.2f µs each), %.3f s in"
            + " PostgreSQL (%.2f µs each)%n",
        what, count, took, count / took, busy, busy / count * 1e6, busyToo, busyToo / count * 1e6);
  }
}
