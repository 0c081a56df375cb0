package dev.lanyard.server.revocation;

import dev.lanyard.server.directory.Person;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A signal that had an effect.
///
/// @param id names it in the record
/// @param person about whom it was, if about somebody, as they were before
/// @param denials what is dead because of it, and how far each denial reaches
/// @param at when we acted
public record Incident(
    String id, Signal signal, Optional<Person> person, List<Denial> denials, Instant at) {
  public Incident {
    denials = List.copyOf(denials);
  }

  /// What is dead because of it.
  public List<Denied> denied() {
    return denials.stream().map(Denial::denied).toList();
  }
}
