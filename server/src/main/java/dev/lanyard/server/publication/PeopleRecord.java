package dev.lanyard.server.publication;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/// Whose people the role library meant at a time. The configuration says it and has no versions, so
/// each node that begins with another word than the last one records it. Thread-safe.
public final class PeopleRecord {
  private static final String TYPE = "library.people";

  /// By this they are found, however long the record is.
  private static final String CORRELATION = "library-people";

  private final AuditLog audit;

  public PeopleRecord(Database database) {
    this.audit = new AuditLog(database);
  }

  /// Says it, unless it was said last. To be called before anything is served.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if it could not be recorded
  public void keep(WhosePeople people, Instant now) {
    var evidence = json(people);
    if (last(Instant.MAX)
        .map(AuditRecord::event)
        .map(AuditEvent::evidence)
        .filter(evidence::equals)
        .isEmpty()) {
      audit.append(AuditEvent.of(TYPE, Outcome.SUCCESS, now, CORRELATION, evidence));
    }
  }

  /// Whose they were at an instant. As long as nothing was recorded the gateway asked nobody's
  /// organisation.
  ///
  /// @throws IllegalStateException if somebody has made the record unreadable: nobody knows then
  public WhosePeople at(Instant instant) {
    return last(instant).map(PeopleRecord::read).orElse(WhosePeople.EVERYBODY);
  }

  private Optional<AuditRecord> last(Instant instant) {
    var last = new AtomicReference<Optional<AuditRecord>>(Optional.empty());
    var _ =
        audit.each(
            AuditQuery.newest(Integer.MAX_VALUE).ofRequest(CORRELATION).ofType(TYPE),
            record -> {
              if (!record.event().at().isAfter(instant)) {
                last.set(Optional.of(record));
              }
            });
    return last.get();
  }

  private static JsonObject json(WhosePeople people) {
    var others = people.others().orElse(Others.NONE);
    var groups = JsonObject.builder();
    new TreeMap<>(others.groups())
        .forEach((name, some) -> groups.put(name, some.stream().sorted().toList()));
    return JsonObject.builder()
        .putIfPresent("organisation", people.organisation())
        .put("groups_of_others", groups.build())
        .put("connectors", others.connectors().stream().sorted().toList())
        .build();
  }

  private static WhosePeople read(AuditRecord record) {
    var evidence = record.event().evidence();
    try {
      if (record.isWhole()) {
        var said = evidence.object("groups_of_others").orElse(JsonObject.EMPTY);
        var groups = new HashMap<String, Set<String>>();
        for (var name : said.names()) {
          groups.put(name, Set.copyOf(said.strings(name).orElse(List.of())));
        }
        return new WhosePeople(
            evidence.string("organisation"),
            new Others(groups, Set.copyOf(evidence.strings("connectors").orElse(List.of()))));
      }
    } catch (MalformedException e) {
      throw new IllegalStateException(
          "a record of whose people the library means is not readable", e);
    }
    throw new IllegalStateException(
        "record %d of whose people the library means is not readable, or not whole"
            .formatted(record.sequence()));
  }
}
