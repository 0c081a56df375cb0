package dev.lanyard.server.telemetry;

import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Who gets steps of requests and figures.
///
/// @param traces where steps are posted to; absent if nowhere
/// @param metrics where figures are posted to; absent if nowhere
/// @param header the name and value of a header with which we prove ourselves, as one secret
/// @param share of the requests whose steps are recorded, from 0 to 1
/// @param every how often figures are sent
/// @param service what this installation is called there
public record TelemetryConfig(
    Optional<URI> traces,
    Optional<URI> metrics,
    Optional<Secret> header,
    double share,
    Duration every,
    String service) {
  /// Nobody does.
  public static final TelemetryConfig NONE =
      new TelemetryConfig(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          1,
          Duration.ofSeconds(30),
          "lanyard");

  public TelemetryConfig {
    traces.ifPresent(url -> check("traces", url));
    metrics.ifPresent(url -> check("metrics", url));
    header.ifPresent(secret -> {
      if (!secret.reveal().matches("[A-Za-z0-9-]+: ?[\\x20-\\x7e]+")) {
        throw new IllegalArgumentException(
            "telemetry.header_file must hold one line such as 'Authorization: Bearer ...'");
      }
    });
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("telemetry.share must be from 0 to 1");
    }
    if (every.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("telemetry.every must be at least 1s");
    }
  }

  /// Whether anything is sent anywhere.
  public boolean isOn() {
    return traces.isPresent() || metrics.isPresent();
  }

  private static void check(String name, URI url) {
    boolean isHttp = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
    if (!isHttp || url.getHost() == null) {
      throw new IllegalArgumentException("telemetry." + name + " is not an http or https URL");
    }
  }
}
