package dev.lanyard.benchmarks.kill;

import dev.lanyard.benchmarks.compare.ProcessTree;
import dev.lanyard.benchmarks.compare.Started;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Two nodes as `./lanyard serve` starts them, each a process of its own.
final class Cluster implements AutoCloseable {
  private final Path home;
  private final ClusterFiles files;
  private final Map<String, String> environment;
  private final List<Started> started = new ArrayList<>();

  /// @param heap of each node
  /// @param options of their JVMs, beside what the launcher gives; `%n` is the number of the node
  Cluster(Path home, ClusterFiles files, String heap, String options) {
    this.home = home;
    this.files = files;
    this.environment =
        Map.of(
            "LANYARD_JAVA_OPTIONS",
            options,
            "LANYARD_HEAP",
            heap,
            "JAVA_HOME",
            System.getProperty("java.home"));
  }

  void start() throws IOException {
    for (int node = 0; node < files.nodes().length; node++) {
      var number = String.valueOf(node + 1);
      var mine = new HashMap<>(environment);
      // Receipts name a node by it.
      mine.put("HOSTNAME", Place.values()[node].known);
      mine.replaceAll((_, value) -> value.replace("%n", number));
      var ready = URI.create(files.nodes()[node].broker() + "/health/ready");
      var log = files.folder().resolve("node-" + number + ".log");
      started.add(
          Started.of(
              command("serve", "-c", files.configuration(node).toString()), mine, log, ready));
    }
  }

  private List<String> command(String... arguments) {
    var all = new ArrayList<>(List.of(home.resolve("lanyard").toString()));
    all.addAll(List.of(arguments));
    return all;
  }

  /// The bearer token of the SCIM connection, made as an administrator makes it.
  String scimToken() throws IOException {
    var arguments =
        command(
            "scim",
            "token",
            "create",
            "--json",
            "-c",
            files.configuration(0).toString(),
            ClusterFiles.CONNECTION);
    var builder = new ProcessBuilder(arguments).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    builder.environment().put("LANYARD_JAVA_OPTIONS", "");
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("no SCIM token could be made: " + said);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while making a SCIM token", e);
    }
    return JsonMapper.builder().build().readTree(said).get("token").asString();
  }

  ProcessTree processes(Place node) {
    return started.get(node.ordinal()).tree();
  }

  URI broker(int node) {
    return files.nodes()[node].broker();
  }

  URI gateway(Place node) {
    return files.nodes()[node.ordinal()].gateway();
  }

  URI ras(Place node) {
    return files.nodes()[node.ordinal()].ras();
  }

  @Override
  public void close() {
    started.forEach(Started::close);
  }
}
