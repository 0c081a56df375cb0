package dev.lanyard.server.delivery;

import dev.lanyard.protocol.json.JsonObject;
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

  /// As the command line and the API show it.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("id", id)
        .put("state", state.value())
        .put("kind", delivery.kind())
        .put("destination", delivery.destination())
        .put("attempts", attempts)
        .put("created_at", createdAt.toString())
        .putIfPresent("answer", answer)
        .putIfPresent("answered_at", answeredAt.map(Instant::toString))
        .put("correlation_id", delivery.correlationId())
        .putIfPresent("organisation", delivery.organisation())
        .putIfPresent("person", delivery.person())
        .build();
  }

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
