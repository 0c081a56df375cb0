package dev.lanyard.server.app.configuration;

import dev.lanyard.server.delivery.DeliveryConfig;
import dev.lanyard.server.yaml.YamlMap;

/// The `delivery` section of the configuration.
final class DeliverySection {
  private DeliverySection() {}

  static DeliveryConfig read(YamlMap map) {
    var defaults = DeliveryConfig.DEFAULT;
    return new DeliveryConfig(
        map.duration("first_pause", defaults.firstPause()),
        map.duration("longest_pause", defaults.longestPause()),
        map.duration("give_up_after", defaults.giveUpAfter()),
        map.integer("attempts", defaults.attempts()),
        defaults.lease(),
        map.duration("keep", defaults.keep()),
        defaults.look());
  }
}
