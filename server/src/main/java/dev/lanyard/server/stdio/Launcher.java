package dev.lanyard.server.stdio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts processes within limits, and ends them with all that came of them.
///
/// Between us and the command stand `setpriv`, which takes away the way to more privileges and has
/// the process die with us, and `prlimit`, which limits it. Both replace themselves: the process is
/// ours. No shell has a part in it.
final class Launcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
  private static final int ROUNDS = 20;

  /// What stands for the folder of a process in its arguments and variables.
  private static final String FOLDER = "{folder}";

  private final StdioConfig config;
  private final WorkFolder work;

  /// A process dies with the thread that started it, so that has to live as long as we do.
  private final ExecutorService starting =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("stdio").factory());

  /// Ends what a node has left that was killed, before there is anything new.
  ///
  /// @throws IllegalArgumentException if there is nothing to limit processes with, no program, or
  ///   no folder to work in
  Launcher(StdioConfig config) {
    this.config = config;
    for (var needed : List.of(SETPRIV, PRLIMIT, Path.of(config.command().getFirst()))) {
      if (!Files.isExecutable(needed)) {
        throw new IllegalArgumentException(
            "a server that is a command needs " + needed + ", and it is not there");
      }
    }
    try {
      this.work = WorkFolder.open(config.folder());
    } catch (IOException e) {
      throw new IllegalArgumentException("work_folder of a command cannot be used: " + e, e);
    }
  }

  /// A process with what it runs in.
  record Launched(Process process, String mark, Path folder) {}

  /// @param name that no other process of this node has
  /// @throws UncheckedIOException if it cannot be started
  Launched start(String name) {
    try {
      return starting.submit(() -> started(name)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    } catch (ExecutionException e) {
      throw new UncheckedIOException(new IOException("it was not started", e.getCause()));
    }
  }

  private Launched started(String name) throws IOException {
    var folder = work.create();
    var mark = work.mark(name);
    var builder = new ProcessBuilder(command(folder)).directory(folder.toFile());
    builder.environment().clear();
    config
        .environment()
        .forEach((key, value) -> builder.environment().put(key, at(folder, value.reveal())));
    builder.environment().put(MarkedProcesses.VARIABLE, mark);
    // Whatever is in it may be somebody's: it is neither kept nor logged.
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      return new Launched(builder.start(), mark, folder);
    } catch (IOException e) {
      WorkFolder.remove(folder);
      throw e;
    }
  }

  private static String at(Path folder, String text) {
    return text.replace(FOLDER, folder.toAbsolutePath().toString());
  }

  private List<String> command(Path folder) {
    var limits = config.limits();
    var command = new ArrayList<String>();
    command.addAll(List.of(SETPRIV.toString(), "--no-new-privs", "--pdeathsig", "KILL", "--"));
    command.addAll(
        List.of(
            PRLIMIT.toString(),
            "--data=" + limits.memoryBytes(),
            "--cpu=" + limits.cpu().toSeconds(),
            "--nofile=" + limits.files(),
            "--fsize=" + limits.fileBytes(),
            "--core=0",
            "--"));
    config.command().forEach(one -> command.add(at(folder, one)));
    return command;
  }

  /// Ends a process and everything that came of it, at once, and removes its folder. Until nothing
  /// of it is left: a process may have children in this very moment.
  static void end(Launched launched) {
    var process = launched.process();
    for (int round = 0; round < ROUNDS; round++) {
      var left = new ArrayList<ProcessHandle>();
      process.descendants().forEach(left::add);
      left.addAll(MarkedProcesses.of(launched.mark()));
      left.forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      if (hasEnded(process) && left.isEmpty()) {
        break;
      }
    }
    WorkFolder.remove(launched.folder());
  }

  private static boolean hasEnded(Process process) {
    try {
      return process.waitFor(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    starting.shutdownNow();
    try {
      work.close();
    } catch (IOException e) {
      LOG.warn("the folder of this node is left: {}", config.folder(), e);
    }
  }
}
