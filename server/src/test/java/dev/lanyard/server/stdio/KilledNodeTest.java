package dev.lanyard.server.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.upstream.UpstreamRequest;
import dev.lanyard.server.pair.Soon;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A node that is killed (kill -9), and what it leaves")
class KilledNodeTest {
  /// Starts something that has no parent soon and reads nothing, and says which process that is.
  private static final String SERVER =
      """
      read -r line
      echo "personal data" > notes
      ( /bin/sleep 1000 & echo $! > child )
      mv child pid
      while read -r line; do :; done
      """;

  /// A node with one process.
  static final class Node {
    private Node() {}

    public static void main(String[] arguments) throws Exception {
      try (var server = server(Path.of(arguments[0]))) {
        var message =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}"
                .getBytes(StandardCharsets.UTF_8);
        var request =
            new UpstreamRequest(
                "POST",
                URI.create("https://front.example/mcp"),
                List.of(),
                ByteBuffer.wrap(message));
        var call = server.begin(new Somebody(), request);
        System.out.println(call.peek(Duration.ofMillis(1)).isEmpty() ? "ready" : "failed");
        var _ = System.in.read();
      }
    }
  }

  private record Somebody() implements Owner {
    @Override
    public String name() {
      return "ana";
    }

    @Override
    public List<String> pair() {
      return List.of("ana");
    }

    @Override
    public Set<String> names() {
      return Set.of("ana");
    }

    @Override
    public boolean isDead() {
      return false;
    }
  }

  private static StdioServer<Somebody> server(Path folder) {
    var config =
        new StdioConfig(
            List.of("/bin/sh", folder.resolve("server.sh").toString()),
            Map.of("TOKEN", new Secret("t0ken")),
            folder.resolve("work"),
            StdioConfig.Limits.DEFAULT);
    return new StdioServer<>(
        config,
        new Journal<>() {
          @Override
          public void started(Somebody owner, long pid) {}

          @Override
          public void ended(Somebody owner, long pid, String why) {}
        },
        InstantSource.system());
  }

  private final List<Process> running = new ArrayList<>();
  private Path folder;

  @BeforeEach
  void script(@TempDir Path temporary) throws IOException {
    folder = temporary;
    Files.writeString(folder.resolve("server.sh"), SERVER);
  }

  @AfterEach
  void stop() {
    running.forEach(Process::destroyForcibly);
  }

  private Process node() throws Exception {
    var node =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Node.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    running.add(node);
    var said = new BufferedReader(node.inputReader());
    var line = said.readLine();
    while (line != null && !line.equals("ready")) {
      line = said.readLine();
    }
    assertThat(line).isEqualTo("ready");
    return node;
  }

  /// Of all runs, the process that each process of theirs has started.
  private List<ProcessHandle> children(int count) throws Exception {
    return Soon.found(
        count + " of them", () -> Optional.of(children()).filter(one -> one.size() == count));
  }

  private List<ProcessHandle> children() throws IOException {
    var found = new ArrayList<ProcessHandle>();
    try (var files = Files.walk(folder.resolve("work"))) {
      for (var file : files.filter(one -> one.endsWith("pid")).toList()) {
        var pid = Long.parseLong(Files.readString(file).strip());
        ProcessHandle.of(pid).ifPresent(found::add);
      }
    }
    return found;
  }

  private static void kill(Process node) throws Exception {
    node.destroyForcibly();
    assertThat(node.waitFor()).as("it was killed").isEqualTo(137);
  }

  /// Of one that nobody has buried there is a place left.
  private static boolean runs(ProcessHandle process) {
    try {
      var status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
      return !status.contains("State:\tZ") && !status.contains("State:\tX");
    } catch (IOException e) {
      return false;
    }
  }

  private List<String> left() throws IOException {
    try (var files = Files.list(folder.resolve("work"))) {
      return files.map(one -> one.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  @DisplayName("The next one ends its processes and removes their folders, and not those of others")
  void next() throws Exception {
    var killed = node();
    var orphan = children(1).getFirst();
    kill(killed);
    assertThat(runs(orphan)).as("it ends with nobody").isTrue();
    var stranger = marked("somebody-else");
    var data = left();

    var other = node();

    assertThat(runs(orphan)).isFalse();
    assertThat(left()).doesNotContainAnyElementsOf(data).hasSize(2);
    assertThat(stranger.isAlive()).as("the mark is of another node").isTrue();

    var living = children(1).getFirst();
    try (var _ = server(folder);
        var _ = server(folder)) {
      assertThat(runs(living)).as("its node lives").isTrue();
      assertThat(left()).as("three that live").hasSize(6);
    }
    assertThat(runs(living)).isTrue();
    assertThat(left()).hasSize(2);

    other.getOutputStream().close();
    assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(runs(living)).isFalse();
    assertThat(left()).as("one that has ended leaves nothing").isEmpty();
  }

  @Test
  @DisplayName("What is no lock of ours, or leads elsewhere, is neither followed nor in the way")
  void traps() throws Exception {
    var work = Files.createDirectory(folder.resolve("work"));
    var precious = Files.createDirectory(folder.resolve("precious"));
    Files.writeString(precious.resolve("file"), "x");
    var run = "0123456789abcdef0123456789abcdef-0123456789abcdef";
    Files.writeString(work.resolve(run + ".lock"), "");
    Files.createSymbolicLink(work.resolve(run), precious);
    Files.writeString(work.resolve(".lock"), "");
    Files.writeString(work.resolve("p.lock"), "");
    Files.createSymbolicLink(
        work.resolve(run.replace('0', '1') + ".lock"), precious.resolve("file"));
    var process = marked("p");

    server(folder).close();

    assertThat(precious.resolve("file")).exists();
    assertThat(process.isAlive()).isTrue();
    assertThat(left())
        .containsExactlyInAnyOrder(".lock", "p.lock", run.replace('0', '1') + ".lock");
  }

  @Test
  void without_a_folder_to_work_in_it_does_not_start() throws Exception {
    Files.writeString(folder.resolve("work"), "a file");
    assertThatThrownBy(() -> server(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("work_folder");
  }

  private Process marked(String node) throws IOException {
    var builder = new ProcessBuilder("/bin/sleep", "1000");
    builder.environment().put("LANYARD_STDIO", node + ".x");
    // A mark within a value is none.
    builder.environment().put("NOTE", "LANYARD_STDIO=0123456789abcdef0123456789abcdef");
    var process = builder.start();
    running.add(process);
    return process;
  }
}
