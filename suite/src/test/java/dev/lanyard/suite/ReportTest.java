package dev.lanyard.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CONF-5: a report")
class ReportTest {
  private static Report.Finding finding(String name, Level level, Outcome outcome) {
    return new Report.Finding(name, level, "does it", List.of("RAS-1"), outcome);
  }

  private static Report report(Report.Finding... findings) {
    return new Report(
        "redeemer",
        "https://ras.example",
        Instant.parse("2026-11-28T12:00:00Z"),
        List.of(findings));
  }

  private final Report mixed =
      report(
          finding("good", Level.MUST, new Outcome.Passed("400 invalid_grant")),
          finding("bad", Level.MUST, new Outcome.Failed("400", "<b>200 | x</b>")),
          finding("advice", Level.SHOULD, new Outcome.Failed("a", "b")),
          finding("other", Level.MAY, new Outcome.NotApplicable("no DPoP")));

  @Test
  void conforms_if_nothing_failed_that_a_server_must_do() {
    assertThat(mixed.conforms()).isFalse();
    assertThat(report(finding("advice", Level.SHOULD, new Outcome.Failed("a", "b"))).conforms())
        .isTrue();
    assertThat(mixed.summary())
        .isEqualTo(
            "MUST: 1 passed, 1 failed, 0 not applicable · SHOULD: 0 passed, 1 failed, 0 not"
                + " applicable · MAY: 0 passed, 0 failed, 1 not applicable");
  }

  @Test
  void says_for_each_finding_what_was_expected_and_found_and_where_it_comes_from() {
    assertThat(TextReport.line(mixed.findings().get(1)))
        .contains("FAIL", "MUST", "bad", "expected 400", "RAS-1");
    assertThat(TextReport.line(mixed.findings().get(2))).contains("warn");
    assertThat(JsonReport.of(mixed).toJson())
        .contains("\"conforms\":false", "\"expected\":\"400\"", "\"reason\":\"no DPoP\"");
    assertThat(MarkdownReport.of(mixed)).contains("| `bad` | MUST |", "**failed**");
    assertThat(HtmlReport.of(mixed)).contains("<tr class=\"failed\">", "RAS-1");
  }

  @Test
  @DisplayName("SEC-16: what a server says is shown and never understood")
  void holds_nothing_of_the_server_that_would_act() {
    assertThat(HtmlReport.of(mixed)).doesNotContain("<b>").contains("&lt;b&gt;200");
    assertThat(MarkdownReport.of(mixed)).contains("&lt;b>200 \\| x");
  }
}
