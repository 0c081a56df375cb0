package dev.lanyard.suite;

/// A report as a page in Markdown.
public final class MarkdownReport {
  private MarkdownReport() {}

  public static String of(Report report) {
    var text = new StringBuilder();
    text.append("# ID-JAG ").append(report.suite()).append(": ").append(report.server());
    text.append("\n\n").append(report.at()).append(". ").append(report.summary()).append("\n\n");
    return text.append(table(report)).toString();
  }

  /// The findings alone, for a page that says the rest itself.
  public static String table(Report report) {
    var text = new StringBuilder();
    text.append("| Check | Level | The server … | From | Verdict | Found |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (var finding : report.findings()) {
      text.append(
          "| `%s` | %s | %s | %s | %s | %s |\n"
              .formatted(
                  finding.name(),
                  finding.level(),
                  cell(finding.sentence()),
                  String.join(" ", finding.requirements()),
                  finding.verdict().equals("failed") ? "**failed**" : finding.verdict(),
                  cell(finding.detail())));
    }
    return text.toString();
  }

  /// What a server says may hold anything.
  private static String cell(String text) {
    return text.replaceAll("\\s+", " ").replace("|", "\\|").replace("<", "&lt;");
  }
}
