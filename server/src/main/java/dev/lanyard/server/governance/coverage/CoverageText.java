package dev.lanyard.server.governance.coverage;

import dev.lanyard.server.catalog.Bucket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The coverage map for a terminal.
public final class CoverageText {
  private static final int MOST_ROLES = 20;

  private CoverageText() {}

  /// Its lines.
  public static List<String> of(Coverage coverage) {
    var lines = new ArrayList<String>();
    lines.add("Coverage as of " + coverage.at());
    coverage
        .unknownBefore()
        .ifPresent(since ->
            lines.add("Who people were is written down since " + since + ": nobody is counted."));
    if (coverage.library().isEmpty()) {
      lines.add("No version of the role library was in force: nothing was given to anybody.");
      return lines;
    }
    var people = coverage.people();
    lines.add(
        "%,d of %,d people who are given something are wholly silent (%d %%); %,d are active"
            .formatted(
                people.silent(),
                people.served(),
                Coverage.percent(people.silent(), people.served()),
                people.all()));
    addConditional(lines, coverage);
    lines.add("");
    lines.add(
        "%-24s %5s %5s %8s %7s %9s %9s %9s"
            .formatted(
                "Category", "live", "early", "tracking", "unknown", "seats", "silent", "calls"));
    coverage
        .categories()
        .forEach(one ->
            lines.add(
                "%-24s %5d %5d %8d %7d %,9d %8d%% %,9d"
                    .formatted(
                        one.name(),
                        one.buckets().live(),
                        one.buckets().early(),
                        one.buckets().tracking(),
                        one.buckets().unknown(),
                        one.seats(),
                        Coverage.percent(one.silentSeats(), one.seats()),
                        one.use().exchanges() + one.use().calls())));
    addGaps(lines, coverage);
    addRoles(lines, coverage);
    return lines;
  }

  private static void addConditional(List<String> lines, Coverage coverage) {
    long conditional = coverage.connectors().stream().mapToLong(Coverage.Line::conditional).sum();
    if (conditional > 0) {
      lines.add(
          "%,d of %,d seats hang on a condition (a time, a network, a sign-in) and are counted: %s"
              .formatted(
                  conditional,
                  coverage.connectors().stream().mapToLong(Coverage.Line::seats).sum(),
                  coverage.connectors().stream()
                      .filter(one -> one.conditional() > 0)
                      .map(one -> "%s %,d".formatted(one.connector(), one.conditional()))
                      .collect(Collectors.joining(", "))));
    }
  }

  private static void addGaps(List<String> lines, Coverage coverage) {
    var gaps = coverage.gaps();
    lines.add("");
    lines.add(gaps.isEmpty() ? "No gaps." : "Gaps");
    for (var one : gaps) {
      lines.add(
          "  %-22s %-9s %,8d seats, fallback %s"
              .formatted(
                  one.connector(),
                  one.rating().bucket().map(Bucket::value).orElse("unknown"),
                  one.seats(),
                  one.way().value()));
      lines.add("      " + one.rating().reason());
    }
  }

  private static void addRoles(List<String> lines, Coverage coverage) {
    var loud = coverage.roles().stream().filter(one -> !one.gaps().isEmpty()).toList();
    lines.add("");
    lines.add(
        "%d of %d roles are wholly silent"
            .formatted(coverage.roles().size() - loud.size(), coverage.roles().size()));
    loud.stream()
        .limit(MOST_ROLES)
        .forEach(one ->
            lines.add(
                "  %-22s %,8d people, not silent: %s"
                    .formatted(one.name(), one.people(), String.join(", ", one.gaps()))));
    if (loud.size() > MOST_ROLES) {
      lines.add("  … and %d more; --json has all".formatted(loud.size() - MOST_ROLES));
    }
  }
}
