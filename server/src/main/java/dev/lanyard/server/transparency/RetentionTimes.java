package dev.lanyard.server.transparency;

import dev.lanyard.server.audit.EventClass;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How long records are kept, by their class (AUD-4).
///
/// @param common of all organisations, and of what is about none; what is not in it is kept for
///   ever
/// @param own those of single organisations, by name, which count there instead
public record RetentionTimes(
    Map<EventClass, Duration> common, Map<String, Map<EventClass, Duration>> own) {
  /// Everything is kept for ever.
  public static final RetentionTimes FOR_EVER = new RetentionTimes(Map.of(), Map.of());

  /// Classes that nobody may set a time for, with the reason.
  private static final Map<EventClass, String> LASTING =
      Map.of(
          EventClass.SWITCH,
          "what was switched off and on is kept for ever, so that it can be told what was off",
          EventClass.REVIEW,
          "what was said of policy reviews is kept for ever, since an open one is judged by it");

  /// Whoever keeps records for less could not tell what a long-lived token was given for.
  private static final Duration SHORTEST = Duration.ofDays(7);

  public RetentionTimes {
    common = Map.copyOf(common);
    check("audit.retention.", common);
    own =
        own.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, its -> Map.copyOf(its.getValue())));
    own.forEach(
        (organisation, its) -> check("audit.retention_by_organisation." + organisation + ".", its));
  }

  private static void check(String place, Map<EventClass, Duration> times) {
    times.forEach((its, life) -> {
      var why = LASTING.get(its);
      if (why != null) {
        throw new IllegalArgumentException(place + its.value() + " cannot be: " + why);
      }
      if (life.compareTo(SHORTEST) < 0) {
        throw new IllegalArgumentException(place + its.value() + " must be at least 7d");
      }
    });
  }

  boolean isForEver() {
    return shortest().isEmpty();
  }

  /// The shortest of all times; empty if everything is kept for ever.
  Optional<Duration> shortest() {
    return Stream.concat(Stream.of(common), own.values().stream())
        .flatMap(its -> its.values().stream())
        .min(Duration::compareTo);
  }

  /// How long records of a class are kept.
  ///
  /// @param organisation which they are about
  /// @return empty if it is for ever
  Optional<Duration> life(EventClass eventClass, Optional<String> organisation) {
    return owner(eventClass, organisation)
        .map(own::get)
        .or(() -> Optional.of(common))
        .map(times -> times.get(eventClass));
  }

  /// The organisation, if it has a time of its own for a class.
  Optional<String> owner(EventClass eventClass, Optional<String> organisation) {
    return organisation.filter(name -> own.getOrDefault(name, Map.of()).containsKey(eventClass));
  }
}
