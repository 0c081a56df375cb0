package dev.lanyard.server.app;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/// `lanyard train`: what the launcher runs once after a build, so that the JVM records what a start
/// needs.
@Command(
    name = "train",
    hidden = true,
    description =
        "Starts a throwaway installation and drives it, to train the JVM's start-up cache.")
final class TrainCommand implements Runnable {

  @Override
  public void run() {
    refuse(System.getenv());
    try {
      var folder = Files.createTempDirectory("lanyard-train");
      try {
        train(folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new CommandFailure("training failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What is trained reads the environment like every other command: it would open the database
  /// that is named there, and listen where the installation does that is meant.
  static void refuse(Map<String, String> environment) {
    var meant = environment.keySet().stream().filter(name -> name.startsWith("LANYARD_")).sorted();
    meant
        .findFirst()
        .ifPresent(name -> {
          throw new CommandFailure(
              "what is trained is a throwaway installation; the environment is about another: "
                  + name);
        });
  }

  private static void train(Path folder) throws IOException, InterruptedException {
    var init = Main.commandLine(InputStream.nullInputStream(), "init");
    init.setOut(new PrintWriter(new StringWriter()));
    init.execute("init", folder.toString());
    var file = folder.resolve("lanyard.yaml");
    onFreePorts(file);
    var config = ConfigurationFile.read(file, Map.of());
    // By the command itself, so that the cache has all that it needs.
    var serving =
        Thread.ofPlatform()
            .start(() ->
                Main.commandLine(InputStream.nullInputStream(), "serve")
                    .execute("serve", "--config", file.toString()));
    try (var browser = trusting(config)) {
      awaitReady(browser, config.ras().orElseThrow().config().issuer(), serving);
      drive(browser, config.broker().orElseThrow().config().issuer());
      drive(browser, config.ras().orElseThrow().config().issuer());
    } finally {
      serving.interrupt();
      serving.join();
    }
  }

  private static HttpClient trusting(Configuration config) {
    return HttpClient.newBuilder()
        .sslContext(TrustedTls.context(config.outbound().authorities()))
        .build();
  }

  private static void onFreePorts(Path file) throws IOException {
    try (var broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var ras = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          file,
          Files.readString(file)
              .replace(":8443", ":" + broker.getLocalPort())
              .replace(":8444", ":" + ras.getLocalPort()));
    }
  }

  private static void awaitReady(HttpClient browser, Issuer issuer, Thread serving)
      throws IOException, InterruptedException {
    while (serving.isAlive()) {
      try {
        send(browser, HttpRequest.newBuilder(URI.create(issuer + "/health/ready")).build());
        return;
      } catch (ConnectException _) {
        Thread.sleep(20);
      }
    }
    throw new IOException("what was to be trained did not start");
  }

  private static void drive(HttpClient browser, Issuer issuer)
      throws IOException, InterruptedException {
    for (var path : List.of("/health/ready", "/.well-known/openid-configuration", "/jwks")) {
      send(browser, HttpRequest.newBuilder(URI.create(issuer + path)).build());
    }
    send(
        browser,
        HttpRequest.newBuilder(URI.create(issuer + "/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("grant_type=refresh_token&client_id=x"))
            .build());
  }

  private static void send(HttpClient browser, HttpRequest request)
      throws IOException, InterruptedException {
    browser.send(request, HttpResponse.BodyHandlers.discarding());
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
