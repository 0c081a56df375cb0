package dev.lanyard.benchmarks.compare;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Single requests of the driver: the preparation of a load and the proof that it works.
final class Http {
  static final String FORM = "application/x-www-form-urlencoded";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Http() {}

  /// Sends the request that a load consists of, once.
  ///
  /// @throws IOException if the answer is no 200 with JSON: a comparison of refusals would look
  ///   fast
  static JsonNode once(Load load) throws IOException {
    try (var http = HttpClient.newHttpClient()) {
      return JSON.readTree(answer(http, load));
    }
  }

  /// Sends so many, one after the other over one connection.
  ///
  /// @throws IOException if one is not answered with 200
  static void many(Load load, int count) throws IOException {
    try (var http = HttpClient.newHttpClient()) {
      for (int i = 0; i < count; i++) {
        var _ = answer(http, load);
      }
    }
  }

  private static String answer(HttpClient http, Load load) throws IOException {
    var body =
        switch (load) {
          case Load.Same same -> same.body();
          case Load.Unique unique -> unique.bodies().get();
        };
    var request =
        HttpRequest.newBuilder(load.url())
            .timeout(Duration.ofSeconds(20))
            .version(HttpClient.Version.HTTP_1_1)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    load.headers().forEach(request::header);
    try {
      var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(
            load.url() + " answered " + response.statusCode() + ": " + response.body());
      }
      return response.body();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while sending", e);
    }
  }

  static String basic(String client, String secret) {
    var pair = (client + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }
}
