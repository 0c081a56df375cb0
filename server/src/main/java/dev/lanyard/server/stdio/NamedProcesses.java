package dev.lanyard.server.stdio;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The processes by the names of those for whom they run: so many as there are. Thread-safe.
///
/// @param <O> for whom they run
final class NamedProcesses<O extends Owner> {
  private final Map<StdioProcess<O>, Set<String>> names = new HashMap<>();
  private final Map<String, Set<StdioProcess<O>>> processes = new HashMap<>();

  /// Says under which names a process is found, and that it no longer is under others.
  ///
  /// @return whether they are new
  synchronized boolean put(StdioProcess<O> process, Set<String> now) {
    if (now.equals(names.get(process))) {
      return false;
    }
    remove(process);
    names.put(process, now);
    now.forEach(name -> processes.computeIfAbsent(name, _ -> new HashSet<>()).add(process));
    return true;
  }

  synchronized void remove(StdioProcess<O> process) {
    var old = names.remove(process);
    if (old == null) {
      return;
    }
    for (var name : old) {
      processes.computeIfPresent(
          name,
          (_, all) -> {
            all.remove(process);
            return all.isEmpty() ? null : all;
          });
    }
  }

  /// Those that have one of these names.
  synchronized Set<StdioProcess<O>> of(Set<String> wanted) {
    var found = new HashSet<StdioProcess<O>>();
    wanted.forEach(name -> found.addAll(processes.getOrDefault(name, Set.of())));
    return found;
  }
}
