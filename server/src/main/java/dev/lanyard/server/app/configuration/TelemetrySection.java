package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.telemetry.TelemetryConfig;
import dev.lanyard.server.yaml.YamlMap;
import java.net.URI;
import java.util.function.Function;

/// The `telemetry` section of the configuration.
final class TelemetrySection {
  private final Function<String, Secret> secrets;

  /// @param secrets reads a secret from a file
  TelemetrySection(Function<String, Secret> secrets) {
    this.secrets = secrets;
  }

  TelemetryConfig read(YamlMap map) {
    var none = TelemetryConfig.NONE;
    return new TelemetryConfig(
        map.optionalValue("traces", URI::create),
        map.optionalValue("metrics", URI::create),
        map.optionalValue("header_file", secrets),
        map.optionalValue("share", Double::parseDouble).orElse(none.share()),
        map.duration("every", none.every()),
        map.text("service", none.service()));
  }
}
