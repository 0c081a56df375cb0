package dev.lanyard.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server of npm, or of `conformance/npm`, under the Node that the lock file pins. It listens at
/// loopback, whatever it would do by itself.
final class NodeServer implements AutoCloseable {
  private final Process process;
  private final String said;

  private NodeServer(Process process, String said) {
    this.process = process;
    this.said = said;
  }

  /// Starts one and waits until it has said something.
  ///
  /// @param until what a line must contain that says that it listens
  static NodeServer start(
      Certificates certificates, Map<String, String> environment, String until, String... command) {
    var all = new ArrayList<>(List.of(Npm.node().toString(), "--import", "./loopback.mjs"));
    all.addAll(List.of(command));
    var builder = new ProcessBuilder(all).directory(Npm.FOLDER.toFile());
    Npm.prepare(builder.environment(), certificates);
    builder.environment().putAll(environment);
    try {
      var process = builder.redirectErrorStream(true).start();
      return new NodeServer(process, heard(process.inputReader(StandardCharsets.UTF_8), until));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String heard(BufferedReader reader, String until) throws IOException {
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.contains(until)) {
        // What else it says must not fill the pipe.
        Thread.ofVirtual().start(() -> reader.lines().forEach(_ -> {}));
        return line;
      }
    }
    throw new AssertionError("the server ended before it listened");
  }

  /// The line that said that it listens.
  String said() {
    return said;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
