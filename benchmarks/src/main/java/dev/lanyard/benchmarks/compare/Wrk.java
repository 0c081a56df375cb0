package dev.lanyard.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// The load generator `wrk`: the smallest share of the machine that a driver can take.
final class Wrk {
  private static final int THREADS = 2;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final int connections;

  /// @param folder where scripts and bodies go
  Wrk(Path folder, int connections) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.connections = connections;
    try (var script = Wrk.class.getResourceAsStream("load.lua")) {
      if (script == null) {
        throw new IllegalStateException("load.lua is missing from the class path");
      }
      Files.write(script(), script.readAllBytes());
    }
  }

  /// What is missing for a run, for the operator to read.
  static Optional<String> missing() {
    var found =
        List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "wrk")));
    return found
        ? Optional.empty()
        : Optional.of("wrk is not installed. On Debian: apt-get install wrk");
  }

  /// What one run did.
  ///
  /// @param exhausted whether the prepared bodies ran out before the time did: the rates of such a
  ///   run mean nothing
  /// @param cpu what the driver itself used
  record Summary(
      long requests,
      long micros,
      double p50,
      double p99,
      long refused,
      long broken,
      boolean exhausted,
      Duration cpu) {
    double perSecond() {
      return requests * 1e6 / Math.max(1, micros);
    }
  }

  /// Writes down the bodies of a run beforehand, so that making them is not measured.
  ///
  /// @param count how many, when each is sent once
  void prepare(Load load, long count) throws IOException {
    Files.write(
        folder.resolve("headers"),
        load.headers().entrySet().stream().map(h -> h.getKey() + ": " + h.getValue()).toList());
    switch (load) {
      case Load.Same same -> Files.writeString(bodies(), same.body() + "\n");
      case Load.Unique unique -> writeUnique(unique, count / THREADS + 1);
    }
  }

  private void writeUnique(Load.Unique load, long perThread) {
    var writers = new ArrayList<Thread>();
    var failures = new ArrayList<IOException>();
    for (int i = 0; i < THREADS; i++) {
      var file = Path.of(bodies() + "." + i);
      writers.add(Thread.ofPlatform().start(() -> write(load, perThread, file, failures)));
    }
    for (var writer : writers) {
      joined(writer);
    }
    if (!failures.isEmpty()) {
      throw new UncheckedIOException(failures.getFirst());
    }
  }

  private static void write(Load.Unique load, long count, Path file, List<IOException> failures) {
    try (var out = Files.newBufferedWriter(file)) {
      for (long i = 0; i < count; i++) {
        out.write(load.bodies().get());
        out.write('\n');
      }
    } catch (IOException e) {
      synchronized (failures) {
        failures.add(e);
      }
    }
  }

  private static void joined(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while preparing a run", e);
    }
  }

  /// Sends what was prepared for so long.
  Summary run(Load load, Duration time) throws IOException {
    var command =
        List.of(
            "wrk",
            "-t" + THREADS,
            "-c" + connections,
            "-d" + time.toSeconds() + "s",
            "--timeout",
            "10s",
            "-s",
            script().toString(),
            load.url().toString());
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LANYARD_HEADERS", folder.resolve("headers").toString());
    builder.environment().put("LANYARD_BODIES", bodies().toString());
    builder.environment().put("LANYARD_UNIQUE", load instanceof Load.Unique ? "yes" : "no");
    var before = ProcessTree.of(ProcessHandle.current().pid()).cpu();
    var process = builder.start();
    try {
      var output =
          new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      process.waitFor(time.toSeconds() + 30, TimeUnit.SECONDS);
      return summary(output, ProcessTree.of(ProcessHandle.current().pid()).cpu().minus(before));
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while loading", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Summary summary(String output, Duration cpu) {
    var line = output.lines().filter(l -> l.startsWith("LANYARD ")).findFirst();
    if (line.isEmpty()) {
      throw new IllegalStateException(
          "wrk did not finish: " + output.lines().limit(5).collect(Collectors.joining(" / ")));
    }
    var json = JSON.readTree(line.get().substring("LANYARD ".length()));
    return new Summary(
        json.get("requests").asLong(),
        json.get("micros").asLong(),
        json.get("p50").asDouble(),
        json.get("p99").asDouble(),
        json.get("refused").asLong(),
        json.get("broken").asLong(),
        json.get("exhausted").asBoolean(),
        cpu);
  }

  private Path script() {
    return folder.resolve("load.lua");
  }

  private Path bodies() {
    return folder.resolve("bodies");
  }
}
