package dev.lanyard.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What is written for programs is the same in every language of the machine")
class LocaleTest {
  private static final Pattern OTHER_DIGITS = Pattern.compile("[\\p{Nd}&&[^0-9]]");

  @TempDir private Path folder;

  /// There numbers are written with digits of their own.
  @Test
  @DisplayName("records, files, output and answers have the digits 0 to 9")
  void digits() throws Exception {
    var installed = Installed.in(folder.resolve("set-up"));
    var java = java("ar", "EG");
    var export = folder.resolve("export");

    served(java, installed);
    var key = ran(java, "audit", "keys", "-c", installed.configuration().toString()).strip();
    var told = new ArrayList<String>();
    told.add(ran(java, "reconcile", "-c", installed.configuration().toString()));
    told.add(
        ran(
            java,
            "audit",
            "export",
            export.toString(),
            "-c",
            installed.configuration().toString()));
    told.add(ran(java, "audit", "verify", export.toString(), "--key", key));

    assertThat(told).allSatisfy(LocaleTest::assertDigits);
    assertThat(told.getLast()).containsPattern("[0-9]+ records, [0-9]+ of them verified");
    try (var files = Files.walk(export)) {
      for (var file : files.filter(one -> one.toString().endsWith(".jsonl")).toList()) {
        assertDigits(file.toString());
        assertDigits(Files.readString(file));
      }
    }
  }

  private static void assertDigits(String text) {
    assertThat(OTHER_DIGITS.matcher(text).find()).as(text).isFalse();
  }

  private static List<String> java(String language, String country) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:TieredStopAtLevel=1",
        "-Xmx160m",
        "-Duser.language=" + language,
        "-Duser.country=" + country,
        "-Dstdout.encoding=UTF-8",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName());
  }

  private static Process started(List<String> java, Path out, String... arguments)
      throws IOException {
    var command = new ArrayList<>(java);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }

  private String ran(List<String> java, String... arguments) throws Exception {
    var out = Files.createTempFile(folder, "out", "");
    int exit = started(java, out, arguments).waitFor();
    var told = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(exit).as(told).isZero();
    return told;
  }

  /// Starts the server, and looks at what it answers and logs.
  private void served(List<String> java, Installed installed) throws Exception {
    var out = folder.resolve("serve.log");
    var process = started(java, out, "serve", "-c", installed.configuration().toString());
    try {
      var ras =
          ConfigurationFile.read(installed.configuration(), Map.of())
              .ras()
              .orElseThrow()
              .config()
              .issuer();
      var answer = refused(process, URI.create(ras + "/token"), installed, out);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("\"error\":\"invalid_client\"");
      assertDigits(answer.body());
      assertDigits(answer.headers().map().toString());
    } finally {
      process.destroy();
      process.waitFor();
    }
    assertDigits(Files.readString(out));
  }

  private static HttpResponse<String> refused(
      Process process, URI token, Installed installed, Path log) throws Exception {
    var until = Instant.now().plus(Duration.ofMinutes(1));
    try (var pem = Files.newInputStream(installed.configuration().resolveSibling("tls/ca.pem"));
        var client =
            HttpClient.newBuilder()
                .sslContext(TrustedTls.context(TrustedTls.readPem(pem)))
                .build()) {
      var request =
          HttpRequest.newBuilder(token)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString("grant_type=client_credentials&client_id=nobody"))
              .build();
      while (true) {
        try {
          return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
          assertThat(process.isAlive() && Instant.now().isBefore(until))
              .as(Files.readString(log))
              .isTrue();
          Thread.sleep(100);
        }
      }
    }
  }
}
