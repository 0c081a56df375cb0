package dev.lanyard.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/// The CPU time and memory of some processes and all their descendants, as Linux accounts for them.
///
/// CPU time hardly moves when a neighbour is busy, rates and latencies do: that is why CPU per
/// request is the figure to compare.
public record ProcessTree(List<Long> roots) {
  /// `USER_HZ`: part of the kernel's interface on every architecture that Lanyard runs on.
  private static final long TICKS_PER_SECOND = 100;

  /// Processes by their numbers, with whatever they have started.
  public static ProcessTree of(long... roots) {
    return new ProcessTree(Arrays.stream(roots).boxed().toList());
  }

  ProcessTree and(ProcessTree other) {
    var all = new ArrayList<>(roots);
    all.addAll(other.roots);
    return new ProcessTree(List.copyOf(all));
  }

  /// CPU time used so far, user and system, that of children which have ended included.
  public Duration cpu() {
    long ticks = sum(ProcessTree::ticks);
    return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
  }

  /// Memory in use now in KiB, pages that several processes share divided among them.
  long proportionalKib() {
    return sum(pid -> field(pid, "smaps_rollup", "Pss:"));
  }

  /// Resident memory now in KiB.
  public long residentKib() {
    return sum(pid -> field(pid, "status", "VmRSS:"));
  }

  /// The most that was ever resident, in KiB; for trees of one process.
  long peakResidentKib() {
    return sum(pid -> field(pid, "status", "VmHWM:"));
  }

  /// How often threads that live now have given up a core, or lost it.
  public long switches() {
    return sum(ProcessTree::switches);
  }

  private static long switches(long pid) {
    try (var threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads
          .map(one -> "task/" + one.getFileName() + "/status")
          .mapToLong(file ->
              field(pid, file, "voluntary_ctxt_switches:")
                  + field(pid, file, "nonvoluntary_ctxt_switches:"))
          .sum();
    } catch (IOException e) {
      return 0;
    }
  }

  private long sum(ToLongFunction<Long> property) {
    var pids = new ArrayList<Long>();
    roots.forEach(root -> collect(root, pids));
    return pids.stream().mapToLong(property).sum();
  }

  private static void collect(long pid, List<Long> into) {
    into.add(pid);
    ProcessHandle.of(pid)
        .ifPresent(handle -> handle.children().forEach(child -> collect(child.pid(), into)));
  }

  private static long ticks(long pid) {
    var stat = read(pid, "stat");
    if (stat.isEmpty()) {
      return 0;
    }
    // The command name stands in brackets and may hold spaces.
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Arrays.stream(fields, 11, 15).mapToLong(Long::parseLong).sum();
  }

  private static long field(long pid, String file, String name) {
    return read(pid, file)
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  /// Empty when the process has ended meanwhile.
  private static String read(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (NoSuchFileException ended) {
      return "";
    } catch (IOException e) {
      // The kernel answers ESRCH when a process ends between opening and reading.
      return "";
    }
  }
}
