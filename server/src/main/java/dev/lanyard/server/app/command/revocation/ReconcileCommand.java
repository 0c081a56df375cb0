package dev.lanyard.server.app.command.revocation;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.revocation.ReconciliationReport;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard reconcile`.
@Command(
    name = "reconcile",
    description =
        "Compares people, sessions, grants, accounts at servers of others, denials and policy, and"
            + " kills what lives although it should be dead. Exit code 1 if anything did.",
    mixinStandardHelpOptions = true)
public final class ReconcileCommand implements Callable<Integer> {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    try (var office = Office.open(configuration.read(), Clock.systemUTC())) {
      var report = office.reconciliation().run();
      if (json) {
        out.println(report.toJson().toJson());
      } else {
        print(out, report);
      }
      out.flush();
      return report.findings().isEmpty() ? 0 : 1;
    }
  }

  private static void print(PrintWriter out, ReconciliationReport report) {
    out.printf("Reconciliation of %s%n", report.at());
    out.printf("  people    %7d, %d of them disabled%n", report.people(), report.disabled());
    out.printf("  sessions  %7d live%n", report.sessions());
    out.printf("  grants    %7d not expired%n", report.grants());
    out.printf("  accounts  %7d at servers of others%n", report.accounts());
    out.printf("  denials   %7d%n", report.denials());
    report
        .findings()
        .forEach(finding ->
            out.printf(
                "  FOUND     %s %s of %s: killed%n",
                finding.fault(), finding.subject(), finding.person()));
    out.println(
        report.findings().isEmpty()
            ? "Nothing is alive that should be dead."
            : report.findings().size() + " were alive; find out why: `lanyard alarms`.");
  }
}
