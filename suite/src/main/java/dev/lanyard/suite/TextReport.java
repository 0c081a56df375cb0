package dev.lanyard.suite;

import dev.lanyard.suite.Report.Finding;

/// A report for a terminal: a line for each finding, the counts at the end.
public final class TextReport {
  private TextReport() {}

  /// One finding.
  public static String line(Finding finding) {
    var mark =
        switch (finding.outcome()) {
          case Outcome.Passed _ignored -> "  ok  ";
          case Outcome.Failed _ignored -> finding.level() == Level.MUST ? " FAIL " : " warn ";
          case Outcome.NotApplicable _ignored -> "  --  ";
        };
    var line =
        "%s %-6s %-30s %s".formatted(mark, finding.level(), finding.name(), finding.sentence());
    return finding.outcome() instanceof Outcome.Passed
        ? line
        : line + "\n" + " ".repeat(14) + finding.detail() + " " + finding.requirements();
  }

  /// What comes after the last finding.
  public static String end(Report report) {
    var verdict =
        report.conforms()
            ? report.server() + " does everything that it must"
            : report.server() + " fails what it must do";
    return "\n" + report.summary() + "\n" + verdict + "\n";
  }
}
