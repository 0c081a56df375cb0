package dev.lanyard.server.export;

import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;

/// A record in the Common Event Format, version 0: a header of seven fields between bars, then
/// extensions. What came from outside cannot end a field.
final class Cef {
  private Cef() {}

  static String of(AuditRecord record) {
    var event = record.event();
    var line =
        new StringBuilder("CEF:0|Lanyard|Lanyard|1|")
            .append(header(event.type()))
            .append('|')
            .append(header(event.type() + " " + event.outcome().value()))
            .append('|')
            .append(severity(event.outcome()))
            .append('|');
    extension(line, "rt", Long.toString(event.at().toEpochMilli()));
    extension(line, "externalId", Long.toString(record.sequence()));
    extension(line, "outcome", event.outcome().value());
    event.person().ifPresent(person -> extension(line, "suid", person));
    event.client().ifPresent(client -> extension(line, "sourceServiceName", client));
    event.told("check").ifPresent(check -> extension(line, "reason", check));
    custom(line, event);
    return line.toString();
  }

  private static void custom(StringBuilder line, AuditEvent event) {
    extension(line, "cs1Label", "correlationId");
    extension(line, "cs1", event.correlationId());
    event
        .organisation()
        .ifPresent(organisation -> {
          extension(line, "cs2Label", "organisation");
          extension(line, "cs2", organisation);
        });
    extension(line, "cs3Label", "evidence");
    extension(line, "cs3", event.evidence().toJson());
  }

  private static void extension(StringBuilder line, String name, String value) {
    if (line.charAt(line.length() - 1) != '|') {
      line.append(' ');
    }
    line.append(name)
        .append('=')
        .append(
            value
                .replace("\\", "\\\\")
                .replace("=", "\\=")
                .replace("\r", "\\r")
                .replace("\n", "\\n"));
  }

  private static String header(String text) {
    return text.replace("\\", "\\\\").replace("|", "\\|").replaceAll("[\\r\\n]", " ");
  }

  private static int severity(Outcome outcome) {
    return switch (outcome) {
      case SUCCESS -> 2;
      case REFUSED -> 5;
      case FAULT -> 7;
    };
  }
}
