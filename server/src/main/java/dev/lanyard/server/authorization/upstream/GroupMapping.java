package dev.lanyard.server.authorization.upstream;

import dev.lanyard.server.directory.NewPerson;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How groups of a provider become groups here.
///
/// @param names a value of the provider's, or a pattern with one star, to the name here, in which a
///   star stands for what the other one matched. An exact value goes before a pattern, a longer
///   pattern before a shorter one
/// @param others whether values without a name here keep theirs
/// @param always the groups of everybody who comes from this provider
public record GroupMapping(Map<String, String> names, boolean others, Set<String> always) {
  /// Groups are called here as there.
  public static final GroupMapping SAME = new GroupMapping(Map.of(), true, Set.of());

  private static final int LONGEST = 512;

  /// @throws IllegalArgumentException if a pattern has two stars, or a name a star that stands for
  ///   nothing
  public GroupMapping {
    names.forEach(GroupMapping::check);
    names = sorted(names);
    always = Set.copyOf(always);
  }

  private static void check(String there, String here) {
    long stars = there.chars().filter(c -> c == '*').count();
    if (stars > 1) {
      throw new IllegalArgumentException("'" + there + "' has more than one star");
    }
    if (here.chars().filter(c -> c == '*').count() > stars || here.isBlank()) {
      throw new IllegalArgumentException(
          "'" + there + "' cannot become '" + here + "': a star stands for what a star matched");
    }
  }

  /// Longer patterns first, in the order in which they are tried.
  private static Map<String, String> sorted(Map<String, String> names) {
    var sorted = new LinkedHashMap<String, String>();
    names.entrySet().stream()
        .sorted(
            Map.Entry.<String, String>comparingByKey(
                    (one, other) -> Integer.compare(other.length(), one.length()))
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return java.util.Collections.unmodifiableMap(sorted);
  }

  /// The groups of somebody.
  ///
  /// @param said what the provider says
  public Set<String> of(Collection<String> said) {
    var groups = new HashSet<>(always);
    for (var value : said) {
      // Whatever is longer, or breaks lines, is no name that somebody would write into a library.
      if (!value.isBlank() && value.length() <= LONGEST && NewPerson.isShowable(value)) {
        of(value).ifPresent(groups::add);
      }
    }
    return groups;
  }

  private Optional<String> of(String value) {
    var exact = names.get(value);
    if (exact != null && value.indexOf('*') < 0) {
      return Optional.of(exact);
    }
    for (var entry : names.entrySet()) {
      var star = matched(entry.getKey(), value);
      if (star.isPresent()) {
        return Optional.of(entry.getValue().replace("*", star.get()));
      }
    }
    return others ? Optional.of(value) : Optional.empty();
  }

  /// What the star of a pattern stands for: something, never nothing.
  private static Optional<String> matched(String pattern, String value) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return Optional.empty();
    }
    var before = pattern.substring(0, star);
    var after = pattern.substring(star + 1);
    return value.length() > before.length() + after.length()
            && value.startsWith(before)
            && value.endsWith(after)
        ? Optional.of(value.substring(before.length(), value.length() - after.length()))
        : Optional.empty();
  }
}
