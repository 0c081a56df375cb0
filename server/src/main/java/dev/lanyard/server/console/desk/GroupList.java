package dev.lanyard.server.console.desk;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Groups as a form has them, one per line.
public record GroupList(SortedSet<String> names) {
  private static final int MOST = 200;
  private static final int LONGEST = 256;

  public static GroupList of(Collection<String> names) {
    return new GroupList(new TreeSet<>(names));
  }

  /// Reads what was typed. Spaces around a name and empty lines do not count.
  public static GroupList parse(String text) {
    return new GroupList(
        text.lines()
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  public String text() {
    return String.join("\n", names);
  }

  /// Why this list cannot be kept; empty if it can.
  public Optional<String> fault() {
    if (names.size() > MOST) {
      return Optional.of("somebody is in " + MOST + " groups at most");
    }
    return names.stream()
        .filter(name -> name.length() > LONGEST || name.chars().anyMatch(Character::isISOControl))
        .findFirst()
        .map(name -> "a group has a name of at most " + LONGEST + " letters that can be seen");
  }

  /// The groups that only one of the two lists has.
  public Set<String> changed(GroupList other) {
    var changed = new TreeSet<>(names);
    changed.addAll(other.names);
    changed.removeIf(name -> names.contains(name) && other.names.contains(name));
    return changed;
  }
}
