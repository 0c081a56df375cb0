package dev.lanyard.server.export;

import dev.lanyard.server.audit.AuditRecord;
import java.util.Arrays;
import java.util.Locale;

/// How a record is written outside: one line, without a line end.
public enum Format {
  /// As `lanyard audit --json` prints it.
  JSON,
  /// Open Cybersecurity Schema Framework.
  OCSF,
  /// Elastic Common Schema.
  ECS,
  /// ArcSight Common Event Format.
  CEF;

  /// @throws IllegalArgumentException that names those that there are
  public static Format named(String name) {
    return Arrays.stream(values())
        .filter(one -> one.value().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + name + "' is none of json, ocsf, ecs, cef"));
  }

  /// As it is configured.
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The record in this format.
  public String line(AuditRecord record) {
    return switch (this) {
      case JSON -> record.toJson().toJson();
      case OCSF -> Ocsf.of(record).toJson();
      case ECS -> Ecs.of(record).toJson();
      case CEF -> Cef.of(record);
    };
  }
}
