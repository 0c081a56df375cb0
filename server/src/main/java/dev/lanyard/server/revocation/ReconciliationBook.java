package dev.lanyard.server.revocation;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.revocation.ReconciliationReport.Fault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Records what a reconciliation has found, and alarms the administrators.
record ReconciliationBook(Database database) {
  void keep(ReconciliationReport report) {
    var byFault = new HashMap<Fault, Integer>();
    report.findings().forEach(finding -> byFault.merge(finding.fault(), 1, Integer::sum));
    database.write(connection -> {
      Alarms.raise(connection, alarms(byFault, report));
      AuditLog.append(
          connection,
          AuditEvent.of(
              "reconciliation",
              report.findings().isEmpty() ? Outcome.SUCCESS : Outcome.FAULT,
              report.at(),
              Reconciliation.CORRELATION,
              report.toJson()));
      return report;
    });
  }

  private static List<Alarm> alarms(Map<Fault, Integer> byFault, ReconciliationReport report) {
    return byFault.entrySet().stream()
        .map(entry ->
            new Alarm(
                "reconciliation",
                entry.getKey().name(),
                entry.getValue()
                    + " found alive at "
                    + report.at()
                    + " and killed; find out why the kill had missed them:"
                    + " `lanyard audit --type reconciliation --json`",
                report.at()))
        .toList();
  }
}
