package dev.lanyard.server.audit;

import java.util.Optional;

/// Which records to show: those that match everything given, the newest ones.
///
/// @param before only those with a smaller number than this
/// @param last how many at most
public record AuditQuery(
    Optional<String> person,
    Optional<String> organisation,
    Optional<String> correlationId,
    Optional<String> type,
    Optional<Long> before,
    int last) {

  public static AuditQuery newest(int last) {
    return new AuditQuery(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        last);
  }

  public AuditQuery ofPerson(String id) {
    return new AuditQuery(Optional.of(id), organisation, correlationId, type, before, last);
  }

  /// What is recorded about one organisation and its people. What is about none is left out.
  public AuditQuery ofOrganisation(String name) {
    return new AuditQuery(person, Optional.of(name), correlationId, type, before, last);
  }

  public AuditQuery ofRequest(String id) {
    return new AuditQuery(person, organisation, Optional.of(id), type, before, last);
  }

  public AuditQuery ofType(String name) {
    return new AuditQuery(person, organisation, correlationId, Optional.of(name), before, last);
  }

  /// The page before the one that begins with this number.
  public AuditQuery before(long sequence) {
    return new AuditQuery(person, organisation, correlationId, type, Optional.of(sequence), last);
  }
}
