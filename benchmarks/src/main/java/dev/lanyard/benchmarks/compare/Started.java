package dev.lanyard.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server process that this comparison started, answering by now. Closing ends it and everything
/// that it started.
public record Started(Process process, StartUp startUp) implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration POLL = Duration.ofMillis(5);

  /// Starts a command and waits until `ready` answers 200.
  ///
  /// @param log where its output goes
  public static Started of(
      List<String> command, Map<String, String> environment, Path log, URI ready)
      throws IOException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    var begin = System.nanoTime();
    var process = builder.start();
    try (var http = HttpClient.newHttpClient()) {
      while (!answers(http, ready)) {
        var elapsed = Duration.ofNanos(System.nanoTime() - begin);
        if (!process.isAlive() || elapsed.compareTo(PATIENCE) > 0) {
          end(process);
          throw new IOException(command.getFirst() + " did not come up; see " + log);
        }
        Thread.sleep(POLL);
      }
    } catch (InterruptedException e) {
      end(process);
      throw new IllegalStateException("interrupted while starting", e);
    }
    var millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
    var resident = ProcessTree.of(process.pid()).residentKib() / 1024;
    return new Started(process, new StartUp(millis, resident));
  }

  /// The process with whatever it has started.
  public ProcessTree tree() {
    return ProcessTree.of(process.pid());
  }

  /// A port that was free a moment ago.
  public static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean answers(HttpClient http, URI ready) throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(5)).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static void end(Process process) {
    // Descendants first: a shell that dies would leave them without a parent to be found by.
    var descendants = process.descendants().toList();
    process.destroy();
    descendants.forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException("interrupted while stopping", e);
    }
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    end(process);
  }
}
