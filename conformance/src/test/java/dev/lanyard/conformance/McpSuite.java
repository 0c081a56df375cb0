package dev.lanyard.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The MCP conformance suite of npm, started as its users start it.
final class McpSuite {
  private McpSuite() {}

  /// How a run ended.
  ///
  /// @param exitCode 0 if every check passed
  /// @param output all that the suite said
  record Run(int exitCode, String output) {}

  /// Runs a command of the suite to its end.
  static Run run(Certificates certificates, String... arguments) {
    return run(certificates, line -> {}, arguments);
  }

  /// Runs a command of the suite and shows every line that it says while it runs.
  static Run run(Certificates certificates, Consumer<String> heard, String... arguments) {
    return run(certificates, List.of(), heard, arguments);
  }

  /// Runs a command of the suite, which does not see that a server takes these methods of
  /// authentication at its token endpoint. Where it sees `none`, it sends no secret.
  static Run run(
      Certificates certificates,
      List<String> unseenMethods,
      Consumer<String> heard,
      String... arguments) {
    var entry = Npm.installed("@modelcontextprotocol/conformance/dist/index.js");
    var command = new ArrayList<>(List.of(Npm.node().toString(), entry.toString()));
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command).directory(Npm.FOLDER.toFile()).redirectErrorStream(true);
    Npm.prepare(builder.environment(), certificates);
    if (!unseenMethods.isEmpty()) {
      var hiding = Npm.FOLDER.resolve("confidential.mjs").toUri();
      builder.environment().put("NODE_OPTIONS", "--import=" + hiding);
      builder.environment().put("LANYARD_UNSEEN_METHODS", String.join(",", unseenMethods));
    }
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
      return new Run(process.waitFor(), output.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the suite ran", e);
    }
  }

  private static void readLines(BufferedReader reader, Consumer<String> consumer)
      throws IOException {
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      consumer.accept(line);
    }
  }
}
