package dev.lanyard.server.audit;

import java.util.Optional;

/// Which records to show: those that match everything given, the newest ones.
///
/// @param last how many at most
public record AuditQuery(
    Optional<String> person, Optional<String> correlationId, Optional<String> type, int last) {

  public static AuditQuery newest(int last) {
    return new AuditQuery(Optional.empty(), Optional.empty(), Optional.empty(), last);
  }

  public AuditQuery ofPerson(String id) {
    return new AuditQuery(Optional.of(id), correlationId, type, last);
  }

  public AuditQuery ofRequest(String id) {
    return new AuditQuery(person, Optional.of(id), type, last);
  }

  public AuditQuery ofType(String name) {
    return new AuditQuery(person, correlationId, Optional.of(name), last);
  }
}
