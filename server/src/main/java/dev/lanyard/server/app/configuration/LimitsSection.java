package dev.lanyard.server.app.configuration;

import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.TrustedProxies;
import dev.lanyard.server.yaml.YamlMap;

/// The `limits` section of the configuration.
final class LimitsSection {
  private LimitsSection() {}

  static StrangerLimits read(YamlMap map) {
    var defaults = StrangerLimits.DEFAULT;
    var networks = map.values("trusted_proxies", TrustedProxies.Network::parse);
    return new StrangerLimits(
        map.integer("failures_per_minute", defaults.failures()),
        map.integer("known_failures_per_minute", defaults.failuresOfKnown()),
        map.integer("records_per_minute", defaults.records()),
        new TrustedProxies(map.optionalText("address_header"), networks));
  }
}
