package dev.lanyard.conformance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One of the scripts of `conformance/npm`, running under the Node 22 that its lock file pins: one
/// JSON step a line in, one JSON answer a line out.
final class NodeScript implements AutoCloseable {
  private final Process process;
  private final Writer steps;
  private final BufferedReader answers;

  private NodeScript(Process process) {
    this.process = process;
    this.steps = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /// Starts a script that trusts one more certificate authority, the way its users would do it.
  static NodeScript start(Certificates certificates, String script) {
    try {
      var builder =
          new ProcessBuilder(Npm.node().toString(), script).directory(Npm.FOLDER.toFile());
      Npm.prepare(builder.environment(), certificates);
      return new NodeScript(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends one step and waits for its answer.
  Step step(JsonObject step) throws IOException, MalformedException {
    steps.write(step.toJson() + "\n");
    steps.flush();
    var line = answers.readLine();
    if (line == null) {
      throw new AssertionError("the script ended before it answered");
    }
    return new Step(JsonObject.parse(line));
  }

  @Override
  public void close() {
    try {
      steps.close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  /// What a script answered.
  record Step(JsonObject answer) {
    /// The message of the error that ended the step, or nothing.
    String error() throws MalformedException {
      var error = answer.object("error");
      return error.isEmpty() ? "" : error.get().string("message").orElse("");
    }

    /// The exchanges of the step, each as `POST https://… 200`.
    List<String> exchanges() throws MalformedException {
      var exchanges = new ArrayList<String>();
      for (var exchange : http()) {
        exchanges.add(
            "%s %s %d"
                .formatted(
                    exchange.string("method").orElseThrow(),
                    exchange.string("url").orElseThrow(),
                    exchange.integer("status").orElseThrow()));
      }
      return exchanges;
    }

    /// The bodies of the refusals of the step, by address.
    Map<String, String> refusals() throws MalformedException {
      var refusals = new LinkedHashMap<String, String>();
      for (var exchange : http()) {
        var body = exchange.string("body");
        if (body.isPresent()) {
          refusals.put(exchange.string("url").orElseThrow(), body.get());
        }
      }
      return refusals;
    }

    private List<JsonObject> http() throws MalformedException {
      return answer.objects("http").orElseThrow();
    }
  }
}
