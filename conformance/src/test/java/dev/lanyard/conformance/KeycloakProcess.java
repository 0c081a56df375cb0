package dev.lanyard.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A Keycloak with an installation of its own: it is built once for the whole run, and each process
/// works in a copy, because a start writes into its folder.
final class KeycloakProcess implements AutoCloseable {
  /// Where the foreign profile unpacks it.
  private static final Path DISTRIBUTION = Path.of("target", "keycloak").toAbsolutePath();

  private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  /// What a redeemer of ID-JAGs and a transmitter of signals need; the others do not mind.
  private static final String FEATURES =
      "jwt-authorization-grant,identity-assertion-jwt,resource-indicators,dpop,ssf";

  private final Process process;

  private KeycloakProcess(Process process) {
    this.process = process;
  }

  /// Starts it with an in-memory database and waits until it answers.
  ///
  /// @param folder an empty one, for the installation and what it prints
  /// @param name of the realm that it imports
  /// @param realm the realm, as JSON
  /// @param options of its command line; with other features it is built anew for them
  /// @param environment beside what it needs itself
  static KeycloakProcess start(
      Path folder,
      String name,
      String realm,
      List<String> options,
      Map<String, String> environment,
      BooleanSupplier answers)
      throws IOException, InterruptedException {
    var home = folder.resolve("keycloak");
    copy(Built.HOME, home);
    var imports = Files.createDirectories(home.resolve("data/import"));
    Files.writeString(imports.resolve(name + "-realm.json"), realm);
    var arguments = new ArrayList<>(List.of("start", "--import-realm"));
    if (options.stream().noneMatch(option -> option.startsWith("--features"))) {
      arguments.add("--optimized");
    }
    // Alone: nothing else is to be found or to be told.
    arguments.add("--cache=local");
    arguments.addAll(options);
    var log = folder.resolve("keycloak.log");
    var keycloak = new KeycloakProcess(run(home, arguments, environment, log));
    keycloak.await(answers, log);
    return keycloak;
  }

  private static Process run(
      Path home, List<String> arguments, Map<String, String> environment, Path log)
      throws IOException {
    var command = new ArrayList<>(List.of(home.resolve("bin/kc.sh").toString()));
    command.addAll(arguments);
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_OPTS_APPEND", "-Xmx512m");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private void await(BooleanSupplier answers, Path log) throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + START_LIMIT.toNanos();
    while (!answers.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > giveUp) {
        close();
        throw new AssertionError("Keycloak did not start:\n" + Files.readString(log));
      }
      Thread.sleep(500);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            var copy = to.resolve(from.relativize(file));
            Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws InterruptedException {
    // The process is a shell around the server; it would pass the signal on, but not always.
    var server = process.descendants().toList();
    server.forEach(ProcessHandle::destroy);
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      server.forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  /// The installation that all copy.
  private static final class Built {
    static final Path HOME = build();

    private static Path build() {
      try {
        var home = distribution();
        var log = DISTRIBUTION.resolve("build.log");
        var options = List.of("build", "--db=dev-mem", "--features=" + FEATURES);
        var process = run(home, options, Map.of(), log);
        if (!process.waitFor(BUILD_LIMIT.toSeconds(), TimeUnit.SECONDS)
            || process.exitValue() != 0) {
          process.destroyForcibly();
          throw new AssertionError("Keycloak could not be built:\n" + Files.readString(log));
        }
        return home;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    private static Path distribution() throws IOException {
      if (!Files.isDirectory(DISTRIBUTION)) {
        throw new AssertionError(DISTRIBUTION + " is missing: run Maven with -Pforeign");
      }
      try (var folders = Files.list(DISTRIBUTION)) {
        return folders.filter(Files::isDirectory).findFirst().orElseThrow();
      }
    }
  }
}
