package dev.lanyard.conformance;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// `lanyard` as a process of its own, as an administrator or a script runs it.
final class Cli implements AutoCloseable {
  private final Process process;
  private final StringBuffer output = new StringBuffer();
  private final Thread reader;

  private Cli(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /// What a command printed and how it ended.
  record Ran(int exit, String output) {}

  /// Runs a command to its end.
  static Ran run(String... arguments) throws Exception {
    try (var command = start("", arguments)) {
      return command.end();
    }
  }

  /// Starts a command.
  ///
  /// @param input a line of its standard input
  static Cli start(String input, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "dev.lanyard.server.app.Main"));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write(input + "\n");
    }
    return new Cli(process);
  }

  private void read() {
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        output.append(line).append('\n');
      }
    } catch (IOException e) {
      output.append(e).append('\n');
    }
  }

  /// The first line like this that it prints, without the space before it.
  String await(String pattern) throws InterruptedException {
    var wanted = Pattern.compile("(?m)^ +(" + pattern + ")$");
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < giveUp && (process.isAlive() || reader.isAlive())) {
      var found = wanted.matcher(output.toString());
      if (found.find()) {
        return found.group(1);
      }
      Thread.sleep(50);
    }
    throw new AssertionError("it did not print " + pattern + ":\n" + output);
  }

  /// Waits for its end.
  Ran end() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("it did not end:\n" + output);
    }
    reader.join();
    return new Ran(process.exitValue(), output.toString());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
