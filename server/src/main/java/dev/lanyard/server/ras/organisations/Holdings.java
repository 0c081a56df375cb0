package dev.lanyard.server.ras.organisations;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which organisations have what, such as mail domains, found from either side however many there
/// are. One writer at a time; readers never wait.
///
/// @param <T> what they have
final class Holdings<T> {
  private final Map<T, Set<String>> holders = new ConcurrentHashMap<>();
  private final Map<String, Set<T>> held = new ConcurrentHashMap<>();

  /// The organisations that have it.
  Set<String> holders(T thing) {
    return holders.getOrDefault(thing, Set.of());
  }

  /// From now on an organisation has these and no others.
  ///
  /// @return what it had before and has no more
  Set<T> put(String organisation, Set<T> things) {
    for (var thing : things) {
      holders.merge(thing, Set.of(organisation), Holdings::union);
    }
    var before = things.isEmpty() ? held.remove(organisation) : held.put(organisation, things);
    if (before == null) {
      return Set.of();
    }
    var lost =
        before.stream()
            .filter(thing -> !things.contains(thing))
            .collect(Collectors.toUnmodifiableSet());
    lost.forEach(thing -> holders.computeIfPresent(thing, (_, all) -> without(all, organisation)));
    return lost;
  }

  private static Set<String> union(Set<String> some, Set<String> more) {
    return Stream.concat(some.stream(), more.stream()).collect(Collectors.toUnmodifiableSet());
  }

  private static @Nullable Set<String> without(Set<String> all, String organisation) {
    var others =
        all.stream()
            .filter(one -> !one.equals(organisation))
            .collect(Collectors.toUnmodifiableSet());
    return others.isEmpty() ? null : others;
  }
}
