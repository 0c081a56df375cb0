package dev.lanyard.server.governance;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.EventClass;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Up to when retention has removed records, by their class: what was before that, nobody knows any
/// more, and nobody may guess.
final class Forgotten {
  static final String TYPE = "audit.removed";

  private final Map<EventClass, Instant> before = new EnumMap<>(EventClass.class);

  /// Takes a removal into account.
  void add(AuditEvent event) {
    if (!event.type().equals(TYPE)) {
      return;
    }
    try {
      var its = EventClass.named(event.evidence().string("class").orElse(""));
      var until = Instant.parse(event.evidence().string("before").orElse(""));
      before.merge(its, until, (one, other) -> one.isAfter(other) ? one : other);
    } catch (MalformedException | IllegalArgumentException | DateTimeException e) {
      // Of which class it was cannot be read: then it may have been of any, as late as it is.
      for (var its : EventClass.values()) {
        before.merge(its, event.at(), (one, other) -> one.isAfter(other) ? one : other);
      }
    }
  }

  /// Records of the class from before this may be gone; empty if all are there.
  Optional<Instant> before(EventClass eventClass) {
    return Optional.ofNullable(before.get(eventClass));
  }
}
