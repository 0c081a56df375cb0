package dev.lanyard.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What was measured, for people and for programs.
///
/// @param setting what the figures depend on, in the order it is shown
/// @param results one per contestant
record Report(Map<String, String> setting, List<Result> results) {
  private static final double NOISY = 0.10;

  /// Writes the figures as JSON.
  void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    var json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Files.writeString(file, json.writeValueAsString(this) + "\n");
  }

  /// The side-by-side table.
  String table() {
    var text = new StringBuilder("\n");
    setting.forEach(
        (name, value) -> text.append("  ").append(name).append(": ").append(value).append('\n'));
    text.append('\n')
        .append(
            line(
                "operation",
                "server",
                "req/s",
                "p50 ms",
                "p99 ms",
                "CPU ms",
                "server",
                "database",
                "x floor"));
    for (var operation : Operation.values()) {
      for (var result : results) {
        Optional.ofNullable(result.operations().get(operation))
            .ifPresent(m -> text.append(row(operation, result, m)));
      }
    }
    text.append('\n')
        .append(
            line(
                "start and memory",
                "server",
                "ready ms",
                "then MiB",
                "10k MiB",
                "peak MiB",
                "db MiB",
                "",
                ""));
    results.forEach(result -> text.append(memory(result)));
    notes(text);
    return text.toString();
  }

  private String row(Operation operation, Result result, Measurement m) {
    return line(
        operation.title(),
        result.name() + (m.clean() ? "" : " !") + (m.others() > NOISY ? " ~" : ""),
        format("%.0f", m.perSecond()),
        format("%.2f", m.p50()),
        format("%.2f", m.p99()),
        format("%.3f", m.cpu()),
        format("%.3f", m.serverCpu()),
        format("%.3f", m.databaseCpu()),
        floor().map(floor -> format("%.1f", m.cpu() / floor)).orElse(""));
  }

  private static String memory(Result result) {
    var peak = result.operations().values().stream().mapToLong(Measurement::peakMiB).max();
    return line(
        "",
        result.name(),
        Long.toString(result.startUp().millis()),
        Long.toString(result.startUp().residentMiB()),
        result.residentAfterRequests() == 0 ? "" : Long.toString(result.residentAfterRequests()),
        peak.isPresent() ? Long.toString(peak.getAsLong()) : "",
        result.databaseMiB() == 0 ? "" : Long.toString(result.databaseMiB()),
        "",
        "");
  }

  private void notes(StringBuilder text) {
    var all = results.stream().flatMap(r -> r.operations().values().stream()).toList();
    if (all.stream().anyMatch(m -> !m.clean())) {
      text.append(
          "\n  ! some requests were refused or broke: the row means nothing (see the JSON)\n");
    }
    if (all.stream().anyMatch(m -> m.others() > NOISY)) {
      text.append("\n  ~ others used more than a tenth of the machine: trust CPU ms, not rates\n");
    }
  }

  private Optional<Double> floor() {
    return results.stream()
        .filter(result -> result.name().equals("Floor"))
        .flatMap(result -> result.operations().values().stream())
        .map(Measurement::cpu)
        .findFirst();
  }

  private static String line(String operation, String server, String... figures) {
    var text = new StringBuilder(String.format(Locale.ROOT, "  %-18s %-12s", operation, server));
    for (var figure : figures) {
      text.append(String.format(Locale.ROOT, " %9s", figure));
    }
    return text.append('\n').toString();
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
