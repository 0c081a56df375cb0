package dev.lanyard.server.revocation;

import dev.lanyard.protocol.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What a [reconciliation][Reconciliation] has found.
///
/// @param people how many were compared
/// @param disabled how many of them are switched off
/// @param accounts how many grants at servers of others
/// @param findings everything that was wrong, all of it repaired when the report is there
public record ReconciliationReport(
    Instant at,
    int people,
    int disabled,
    int sessions,
    int grants,
    int accounts,
    int denials,
    List<Finding> findings) {

  /// What is wrong with something.
  public enum Fault {
    /// A session of somebody who is switched off, or unknown.
    SESSION_OF_DISABLED,
    /// A grant of somebody who is switched off, or unknown, that nothing denies.
    GRANT_OF_DISABLED,
    /// A grant on an ID-JAG that was dead already, from a node that did not know.
    GRANT_OF_DEAD_ASSERTION,
    /// A grant that policy would not give to the person any more.
    GRANT_OUTSIDE_POLICY,
    /// A grant of somebody beside the person whom our own broker meant: no kill of that person
    /// would have reached it.
    GRANT_OF_SECOND_PERSON,
    /// A second person of an earlier release, who is the first one from now on.
    SECOND_PERSON,
    /// A grant at a server of others of somebody who is switched off, or unknown.
    ACCOUNT_OF_DISABLED,
    /// A grant at a server of others that is older than what killed it.
    ACCOUNT_OF_KILLED,
    /// A denial in the record that this node did not know.
    UNKNOWN_DENIAL,
    /// Somebody whom the record has switched off and this node had not.
    UNKNOWN_DISABLED
  }

  /// @param subject the session, grant, account, denial or person
  /// @param person whose it is
  public record Finding(Fault fault, String subject, String person) {}

  ReconciliationReport with(List<Finding> others) {
    return new ReconciliationReport(
        at, people, disabled, sessions, grants, accounts, denials, others);
  }

  ReconciliationReport with(Reconciliation.Compared elsewhere) {
    var all = new ArrayList<>(findings);
    all.addAll(elsewhere.findings());
    return new ReconciliationReport(
        at, people, disabled, sessions, grants, accounts + elsewhere.live(), denials, all);
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("at", at.toString())
        .put("people", people)
        .put("disabled", disabled)
        .put("sessions", sessions)
        .put("grants", grants)
        .put("accounts", accounts)
        .put("denials", denials)
        .put(
            "findings",
            findings.stream()
                .map(one ->
                    JsonObject.builder()
                        .put("fault", one.fault().name())
                        .put("subject", one.subject())
                        .put("person", one.person())
                        .build())
                .toList())
        .build();
  }
}
