package dev.lanyard.server.transparency;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.EventType;
import dev.lanyard.server.audit.StoredRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;

/// Records of a type that the catalogue does not have (AUD-1). They are recorded, covered and
/// exported like all others, and no retention removes them; but a program wrote them that is not
/// this one, or somebody did, so that an administrator must look.
final class Uncatalogued {
  static final String ALARM = "audit-event-type";

  /// Somebody who writes to the database must not fill the list of alarms.
  private static final int MOST = 20;

  private static final int LONGEST = 100;

  private Uncatalogued() {}

  /// An alarm for each such type.
  static List<Alarm> alarms(List<StoredRecord> records, Instant now) {
    var first = new LinkedHashMap<String, StoredRecord>();
    for (var record : records) {
      if (first.size() < MOST && EventType.named(record.type()).isEmpty()) {
        first.putIfAbsent(record.type(), record);
      }
    }
    return first.values().stream().map(record -> alarm(record, now)).toList();
  }

  private static Alarm alarm(StoredRecord record, Instant now) {
    var type = record.type().substring(0, Math.min(LONGEST, record.type().length()));
    return new Alarm(
        ALARM,
        type,
        "record %d has a type that is not in the catalogue of events; it is kept for ever"
            .formatted(record.sequence()),
        now);
  }
}
