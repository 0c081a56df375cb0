package dev.lanyard.server.publication;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import java.time.Instant;
import java.util.List;

/// An alarm for each approver who is switched off and whose key is not retired. It ends when either
/// has changed.
final class ApproversOff {
  private static final String KIND = "approver-off";

  private final Alarms alarms;

  ApproversOff(Database database) {
    this.alarms = new Alarms(database);
  }

  /// @param names of those who are off
  void look(List<String> names, Instant now) {
    var standing =
        alarms.standing().stream()
            .map(Alarms.Standing::alarm)
            .filter(one -> one.kind().equals(KIND))
            .map(Alarm::subject)
            .toList();
    names.stream()
        .filter(name -> !standing.contains(name))
        .forEach(name -> alarms.raise(new Alarm(KIND, name, detail(name), now)));
    standing.stream()
        .filter(name -> !names.contains(name))
        .forEach(name -> {
          boolean _ = alarms.resolve(KIND, name, now);
        });
  }

  private static String detail(String name) {
    return "approver "
        + name
        + " is switched off: retire the key in the approvers file. Nothing new that it signs counts";
  }
}
