package dev.lanyard.suite;

/// A report as one page in HTML that loads nothing.
public final class HtmlReport {
  private static final String STYLE =
      """
      :root { color-scheme: light dark }
      body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
      table { border-collapse: collapse; width: 100% }
      th, td { border-bottom: 1px solid #8886; padding: .4rem .6rem; text-align: left; vertical-align: top }
      .failed td:nth-child(5) { color: #c22; font-weight: 600 }
      .na { opacity: .65 }
      code { white-space: nowrap }
      """;

  private HtmlReport() {}

  public static String of(Report report) {
    var rows = new StringBuilder();
    for (var finding : report.findings()) {
      rows.append(
          """
          <tr class="%s"><td><code>%s</code></td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>
          """
              .formatted(
                  kind(finding),
                  escaped(finding.name()),
                  finding.level(),
                  escaped(finding.sentence()),
                  escaped(String.join(" ", finding.requirements())),
                  finding.verdict(),
                  escaped(finding.detail())));
    }
    var title = escaped("ID-JAG " + report.suite() + ": " + report.server());
    return """
    <!doctype html>
    <html lang="en">
    <head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>%s</title>
    <style>
    %s</style></head>
    <body>
    <h1>%s</h1>
    <p>%s</p>
    <p><strong>%s</strong> %s</p>
    <table>
    <thead><tr><th>Check</th><th>Level</th><th>The server …</th><th>From</th><th>Verdict</th><th>Found</th></tr></thead>
    <tbody>
    %s</tbody>
    </table>
    </body>
    </html>
    """
        .formatted(
            title,
            STYLE,
            title,
            report.at(),
            report.conforms() ? "Does everything that it must." : "Fails what it must do.",
            escaped(report.summary()),
            rows);
  }

  private static String kind(Report.Finding finding) {
    return switch (finding.outcome()) {
      case Outcome.Passed _ignored -> "passed";
      case Outcome.Failed _ignored -> "failed";
      case Outcome.NotApplicable _ignored -> "na";
    };
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
