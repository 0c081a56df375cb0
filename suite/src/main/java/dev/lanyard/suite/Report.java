package dev.lanyard.suite;

import java.time.Instant;
import java.util.List;

/// What all checks of one server found.
///
/// @param suite which checks: `issuer` or `redeemer`
/// @param server whose
/// @param at when
/// @param findings one for each check, in their order
public record Report(String suite, String server, Instant at, List<Finding> findings) {

  public Report {
    findings = List.copyOf(findings);
  }

  /// What one check found.
  public record Finding(
      String name, Level level, String sentence, List<String> requirements, Outcome outcome) {

    /// `passed`, `failed` or `not applicable`.
    public String verdict() {
      return switch (outcome) {
        case Outcome.Passed _ignored -> "passed";
        case Outcome.Failed _ignored -> "failed";
        case Outcome.NotApplicable _ignored -> "not applicable";
      };
    }

    /// What was found, and what was expected where that is something else.
    public String detail() {
      return switch (outcome) {
        case Outcome.Passed(var found) -> found;
        case Outcome.Failed(var expected, var found) -> "expected " + expected + "; found " + found;
        case Outcome.NotApplicable(var reason) -> reason;
      };
    }
  }

  /// How many checks of a level came out so.
  ///
  /// @param verdict see [Finding#verdict]
  public long count(Level level, String verdict) {
    return findings.stream()
        .filter(one -> one.level() == level && one.verdict().equals(verdict))
        .count();
  }

  /// Whether nothing failed that a server must do.
  public boolean conforms() {
    return count(Level.MUST, "failed") == 0;
  }

  /// One line with the counts.
  public String summary() {
    var text = new StringBuilder();
    for (var level : Level.values()) {
      text.append(text.isEmpty() ? "" : " · ")
          .append(level)
          .append(": ")
          .append(count(level, "passed"))
          .append(" passed, ")
          .append(count(level, "failed"))
          .append(" failed, ")
          .append(count(level, "not applicable"))
          .append(" not applicable");
    }
    return text.toString();
  }
}
