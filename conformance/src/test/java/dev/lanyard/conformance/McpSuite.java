package dev.lanyard.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The MCP conformance suite of npm, started as its users start it.
///
/// `MCP_SUITE` in the environment is the folder of another version of it; into the file that
/// `MCP_SUITE_RESULTS` names, one line is written for each scenario that was run.
/// `conformance/newest` compares two versions by that.
///
/// @param certificates whose servers it trusts
/// @param before what it stands before, for the results: one scenario runs in several places
/// @param preloaded a script of `conformance/npm` that is loaded into it; empty if it is as it is
/// @param environment what that script is told
record McpSuite(
    Certificates certificates,
    String before,
    Optional<String> preloaded,
    Map<String, String> environment) {
  private static final Pattern SCENARIO =
      Pattern.compile("(?m)^([✓✗]) ([^ :]+): (\\d+) passed, (\\d+) failed.*$");

  /// How a run ended.
  ///
  /// @param exitCode 0 if every check passed that counts
  /// @param output all that the suite said
  record Run(int exitCode, String output) {}

  /// The suite as it is.
  static McpSuite before(String before, Certificates certificates) {
    return new McpSuite(certificates, before, Optional.empty(), Map.of());
  }

  /// The same with a script loaded into it.
  McpSuite with(String script, Map<String, String> told) {
    return new McpSuite(certificates, before, Optional.of(script), told);
  }

  /// Runs a command of the suite to its end.
  Run run(List<String> arguments) {
    return run(_ -> {}, arguments);
  }

  /// Runs a command of the suite and shows every line that it says while it runs.
  Run run(Consumer<String> heard, List<String> arguments) {
    var command = new ArrayList<>(List.of(Npm.node().toString(), entry().toString()));
    command.addAll(arguments);
    var builder =
        new ProcessBuilder(command).directory(Npm.FOLDER.toFile()).redirectErrorStream(true);
    Npm.prepare(builder.environment(), certificates);
    preloaded.ifPresent(script ->
        builder
            .environment()
            .put("NODE_OPTIONS", "--import=" + Npm.FOLDER.resolve(script).toUri()));
    builder.environment().putAll(environment);
    try {
      var process = builder.start();
      process.outputWriter().close();
      var output = new StringBuilder();
      try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
        readLines(
            reader,
            line -> {
              output.append(line).append('\n');
              heard.accept(line);
            });
      }
      var run = new Run(process.waitFor(), output.toString());
      note(arguments, run);
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the suite ran", e);
    }
  }

  private static Path entry() {
    var other = System.getenv("MCP_SUITE");
    return other == null
        ? Npm.installed("@modelcontextprotocol/conformance/dist/index.js")
        : Path.of(other, "dist/index.js");
  }

  private void note(List<String> arguments, Run run) throws IOException {
    var file = System.getenv("MCP_SUITE_RESULTS");
    if (file == null) {
      return;
    }
    var lines = new ArrayList<String>();
    var where = arguments.getFirst() + " " + before;
    // Scenarios that do not count are listed once more in the end, without numbers.
    var scenarios = SCENARIO.matcher(run.output());
    while (scenarios.find()) {
      lines.add(line(where, scenarios));
    }
    if (lines.isEmpty()) {
      lines.add(where + "\t(the run as a whole)\t" + (run.exitCode() == 0 ? "passed" : "failed"));
    }
    Files.write(Path.of(file), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String line(String where, Matcher scenario) {
    var outcome =
        switch (scenario.group(1)) {
          case "✗" -> "failed";
          default -> scenario.group(3).equals("0") ? "checked nothing" : "passed";
        };
    return String.join("\t", where, scenario.group(2), outcome);
  }

  private static void readLines(BufferedReader reader, Consumer<String> consumer)
      throws IOException {
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      consumer.accept(line);
    }
  }
}
