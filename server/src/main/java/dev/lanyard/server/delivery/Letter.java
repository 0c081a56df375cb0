package dev.lanyard.server.delivery;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// A message as the record has it.
///
/// @param createdAt when it was written
/// @param nextAt when it is tried next, while it waits
/// @param answer what the last attempt led to
/// @param answeredAt when that was
public record Letter(
    String id,
    Delivery delivery,
    State state,
    int attempts,
    Instant createdAt,
    Instant nextAt,
    Optional<String> answer,
    Optional<Instant> answeredAt) {

  /// Where it is. The names are kept in the database, in lower case.
  public enum State {
    WAITING,
    DELIVERED,
    GONE,
    DEAD;

    public String value() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
