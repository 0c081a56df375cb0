package dev.lanyard.benchmarks.gateway;

import dev.lanyard.benchmarks.compare.ProcessTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One party of the measurement in a process of its own, so that what it takes of the CPU and of
/// memory is its own. It says what others need to know of it, and ends when nobody listens any
/// more.
///
/// @param told what it has said, by name
record Peer(Process process, Map<String, String> told) implements AutoCloseable {
  private static final String READY = "ready";

  /// What one costs until now.
  ///
  /// @param switches how often one of its threads has given up a core, or lost it
  record Cost(Duration cpu, long switches) {
    Cost since(Cost before) {
      return new Cost(cpu.minus(before.cpu), switches - before.switches);
    }
  }

  /// Starts one, and returns when it is ready.
  ///
  /// @param core the only one that it may use; empty for all
  static Peer start(
      Class<?> main, Optional<Integer> core, List<String> options, String... arguments)
      throws IOException {
    var command = new ArrayList<String>();
    core.ifPresent(one -> command.addAll(List.of("taskset", "-c", one.toString())));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Dlogback.configurationFile=benchmarks-logback.xml");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    try {
      return new Peer(process, heard(process.inputReader(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static Map<String, String> heard(BufferedReader reader) throws IOException {
    var told = new HashMap<String, String>();
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.equals(READY)) {
        return Map.copyOf(told);
      }
      int space = line.indexOf(' ');
      told.put(line.substring(0, space), line.substring(space + 1));
    }
    throw new IOException("a process has ended before it was ready");
  }

  /// In the process itself: says all of this, and waits for the end.
  static void serve(Map<String, String> all) throws IOException {
    serve(
        all,
        order -> {
          throw new IllegalArgumentException("nothing is done here at an order: " + order);
        });
  }

  /// The same, doing what it is told until then.
  static void serve(Map<String, String> all, Consumer<String> orders) throws IOException {
    all.forEach((name, value) -> System.out.println(name + " " + value));
    System.out.println(READY);
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      orders.accept(line);
    }
  }

  /// Tells the process to do something, and does not wait for it.
  void tell(String order) throws IOException {
    var out = process.getOutputStream();
    out.write((order + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /// What it has said under a name.
  String said(String name) {
    return Objects.requireNonNull(told.get(name), name);
  }

  int port(String name) {
    return Integer.parseInt(said(name));
  }

  Cost cost() {
    var tree = ProcessTree.of(process.pid());
    return new Cost(tree.cpu(), tree.switches());
  }

  long residentMib() {
    return ProcessTree.of(process.pid()).residentKib() / 1024;
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException("interrupted while ending a process", e);
    }
  }
}
