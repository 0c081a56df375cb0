package dev.lanyard.benchmarks.audit;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;

/// Time on a machine that others use says little; what the processes take of the CPU says more.
final class Stopwatch {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final Optional<ProcessHandle> other;

  private Stopwatch(Optional<ProcessHandle> other) {
    this.other = other;
  }

  /// Of this process alone.
  static Stopwatch alone() {
    return new Stopwatch(Optional.empty());
  }

  /// And of the children of another, those that have ended not counted: its connections live long.
  static Stopwatch with(long pid) {
    return new Stopwatch(ProcessHandle.of(pid));
  }

  void time(String what, long count, Runnable task) {
    long start = System.nanoTime();
    long cpu = PROCESS.getProcessCpuTime();
    var others = others();
    task.run();
    double took = (System.nanoTime() - start) / 1e9;
    double busy = (PROCESS.getProcessCpuTime() - cpu) / 1e9;
    double busyToo = others().minus(others).toNanos() / 1e9;
    System.out.printf(
        "%s: %,d in %.3f s, %,.0f a second; CPU: %.3f s in this process (%.2f µs each), %.3f s in"
            + " PostgreSQL (%.2f µs each)%n",
        what, count, took, count / took, busy, busy / count * 1e6, busyToo, busyToo / count * 1e6);
  }

  private Duration others() {
    return other.stream()
        .flatMap(ProcessHandle::descendants)
        .flatMap(one -> one.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }
}
