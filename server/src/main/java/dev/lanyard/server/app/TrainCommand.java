package dev.lanyard.server.app;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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

  private static void train(Path folder) throws IOException, InterruptedException {
    var init = Main.commandLine(InputStream.nullInputStream());
    init.setOut(new PrintWriter(new StringWriter()));
    init.execute("init", folder.toString());
    var environment = plainHttp();
    var config = ConfigurationFile.read(folder.resolve("lanyard.yaml"), environment);
    try (var _ = Lanyard.start(config, Clock.systemUTC());
        var browser = trusting(config)) {
      drive(browser, config.broker().orElseThrow().config().issuer());
      drive(browser, config.ras().orElseThrow().config().issuer());
    }
  }

  private static HttpClient trusting(Configuration config) {
    return HttpClient.newBuilder()
        .sslContext(TrustedTls.context(config.outbound().authorities()))
        .build();
  }

  /// The ordinary set-up on free ports; the certificates stay, since reading them is part of a
  /// start.
  private static Map<String, String> plainHttp() throws IOException {
    try (var first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var broker = "127.0.0.1:" + first.getLocalPort();
      var ras = "127.0.0.1:" + second.getLocalPort();
      return Map.of(
          "LANYARD_BROKER_ISSUER",
          "https://" + broker,
          "LANYARD_BROKER_LISTEN",
          broker,
          "LANYARD_RAS_ISSUER",
          "https://" + ras,
          "LANYARD_RAS_LISTEN",
          ras);
    }
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
