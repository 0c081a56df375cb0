package dev.lanyard.server.library;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The sign-in that a condition asks for.
///
/// @param maxAge how long ago it may have been
/// @param acrValues the authentication contexts of which one is needed, the preferred first
/// @spec https://www.rfc-editor.org/rfc/rfc9470.html#section-3 RFC 9470 §3
public record Assurance(Optional<Duration> maxAge, List<String> acrValues) {
  /// @throws IllegalArgumentException if it asks for nothing
  public Assurance {
    acrValues = List.copyOf(acrValues);
    if (maxAge.isEmpty() && acrValues.isEmpty()) {
      throw new IllegalArgumentException("a step-up needs max_age or acr_values");
    }
  }

  /// A sign-in that is good for both: the shorter age, and the contexts of either.
  public Assurance and(Assurance other) {
    var shorter =
        maxAge.isPresent() && other.maxAge.isPresent()
            ? maxAge.filter(age -> age.compareTo(other.maxAge.get()) <= 0).or(() -> other.maxAge)
            : maxAge.or(() -> other.maxAge);
    var contexts = new java.util.LinkedHashSet<>(acrValues);
    contexts.addAll(other.acrValues);
    return new Assurance(shorter, List.copyOf(contexts));
  }
}
