package dev.lanyard.benchmarks.compare;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The [FloorServer] in a process of its own. It answers redemption only: one verification and one
/// signature are what that operation cannot do without.
record Floor(Started started, URI url) implements Contestant {

  static Floor start(Path folder, Crypto crypto) throws IOException {
    var port = Started.freePort();
    var url = URI.create("http://127.0.0.1:" + port + "/");
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            crypto.option(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            FloorServer.class.getName(),
            Integer.toString(port));
    return new Floor(Started.of(command, Map.of(), folder.resolve("floor.log"), url), url);
  }

  @Override
  public String name() {
    return "Floor";
  }

  @Override
  public ProcessTree server() {
    return started.tree();
  }

  @Override
  public StartUp startUp() {
    return started.startUp();
  }

  @Override
  public Optional<Load> load(Operation operation) {
    if (operation != Operation.REDEEM) {
      return Optional.empty();
    }
    var form = "grant_type=none&assertion=" + "x".repeat(600);
    return Optional.of(
        new Load.Same(url, Map.of("Content-Type", "application/x-www-form-urlencoded"), form));
  }

  @Override
  public void close() {
    started.close();
  }
}
