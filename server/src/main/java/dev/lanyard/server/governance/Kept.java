package dev.lanyard.server.governance;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.EventClass;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// From when on the audit record has everything of a class of events: from its beginning, or from
/// where retention has removed it.
public final class Kept {
  private Kept() {}

  /// Up to when retention has removed records of some classes.
  ///
  /// @param wanted from when on somebody would count
  /// @return from when on everything is there, if that is later
  public static Optional<Instant> removedSince(Instant wanted, Set<EventClass> of, AuditLog audit) {
    var forgotten = new Forgotten();
    audit.lasting(record -> forgotten.add(record.event()));
    return of.stream()
        .flatMap(its -> forgotten.before(its).stream())
        .max(Instant::compareTo)
        .filter(wanted::isBefore);
  }

  /// @param wanted from when on somebody would count
  /// @return from when on they can, if that is later; empty if everything since then is there
  public static Optional<Instant> laterThan(Instant wanted, EventClass of, AuditLog audit) {
    var forgotten = new Forgotten();
    audit.lasting(record -> forgotten.add(record.event()));
    return Stream.concat(
            audit.first().map(first -> first.event().at()).stream(), forgotten.before(of).stream())
        .max(Instant::compareTo)
        .filter(wanted::isBefore);
  }
}
