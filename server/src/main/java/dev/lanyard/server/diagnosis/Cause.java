package dev.lanyard.server.diagnosis;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.Outcome;
import java.util.List;
import java.util.Optional;

/// Why one recorded thing did not happen.
///
/// @param event the type of the record
/// @param check what was looked at
/// @param expected what would have passed
/// @param actual what was there
/// @param requirement the requirement and the section that it comes from
/// @param detail more in the words of whatever decided: a rule of the library, an outage
/// @param advice what it means and what to do; empty if this release has no words for it
public record Cause(
    String event,
    Optional<String> check,
    Optional<String> expected,
    Optional<String> actual,
    Optional<Source> requirement,
    Optional<String> detail,
    Optional<Advice> advice) {

  /// Where a demand comes from.
  public record Source(String id, String section) {}

  /// Reads the cause from a record of a refusal or failure.
  static Optional<Cause> of(AuditEvent event, Checks checks) {
    if (event.outcome() == Outcome.SUCCESS) {
      return Optional.empty();
    }
    var requirement = event.told("requirement").flatMap(checks::requirement);
    return Optional.of(
        new Cause(
            event.type(),
            event.told("check"),
            event.told("expected"),
            event.told("actual"),
            requirement.map(one -> new Source(one.id(), one.section())),
            detail(event),
            advice(event, requirement, checks)));
  }

  private static Optional<String> detail(AuditEvent event) {
    return List.of("detail", "outage", "quota", "stopped", "faults").stream()
        .flatMap(name -> event.told(name).stream())
        .findFirst();
  }

  /// The nearest words first: those of the rule that said no, of the check, of the outage.
  private static Optional<Advice> advice(
      AuditEvent event, Optional<Checks.Requirement> requirement, Checks checks) {
    return event
        .told("reason")
        .flatMap(checks::reason)
        .or(() -> event.told("decision").flatMap(checks::reason))
        .or(() -> requirement.map(one -> one.advice(event.told("check"))))
        .or(() ->
            event.evidence().names().stream()
                .flatMap(name -> checks.outage(name).stream())
                .findFirst())
        .or(() -> checks.event(event.type()));
  }

  /// For programs.
  JsonObject toJson() {
    var json = JsonObject.builder().put("event", event);
    json.putIfPresent("check", check);
    json.putIfPresent("expected", expected);
    json.putIfPresent("actual", actual);
    json.putIfPresent("requirement", requirement.map(Source::id));
    json.putIfPresent("section", requirement.map(Source::section));
    json.putIfPresent("detail", detail);
    json.putIfPresent("says", advice.map(Advice::says));
    json.putIfPresent("remedy", advice.map(Advice::remedy));
    return json.build();
  }
}
