package dev.lanyard.server.ras.administration;

import static dev.lanyard.server.http.Markup.escaped;

import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.server.ras.match.MatchReport;

/// What the page says of a match report. Not thread-safe.
final class MatchSection {
  private static final int MOST_SHOWN = 50;
  private static final int LONGEST = 64;

  private final StringBuilder body;

  MatchSection(StringBuilder body) {
    this.body = body;
  }

  void draw(MatchReport report) {
    body.append("<p role=\"status\"><strong>")
        .append(
            "%d of %d people match: %d are known, %d are found, %d are created."
                .formatted(
                    report.matching(),
                    report.people(),
                    report.known(),
                    report.linked(),
                    report.created()))
        .append("</strong></p>");
    if (report.refused().isEmpty()) {
      return;
    }
    body.append("<p>These do not:</p><ul>");
    report.refused().stream().limit(MOST_SHOWN).forEach(this::row);
    body.append("</ul>");
    if (report.refused().size() > MOST_SHOWN) {
      body.append("<p>And ")
          .append(report.refused().size() - MOST_SHOWN)
          .append(" more. Mend these and look again.</p>");
    }
  }

  private void row(MatchReport.Refusal refusal) {
    body.append("<li>line ")
        .append(refusal.person().line())
        .append(", sub <code>")
        .append(shown(refusal.person().subject()))
        .append("</code>: ")
        .append(shown(refusal.why().check()))
        .append(" must be ")
        .append(shown(refusal.why().expected()))
        .append(" and is ")
        .append(shown(refusal.why().actual()))
        .append(" (")
        .append(shown(refusal.why().requirement()))
        .append(")</li>");
  }

  private static String shown(String text) {
    return escaped(Excerpt.marked(text, LONGEST));
  }
}
