package dev.lanyard.server.app.configuration;

import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.administration.SecondFactor;
import dev.lanyard.server.console.gate.ConsoleConfig;
import dev.lanyard.server.yaml.YamlMap;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/// The `console` section of the configuration.
final class ConsoleSection {
  private ConsoleSection() {}

  /// @param signsIn whether people can sign in: there is a broker, which takes requests that were
  ///   not pushed
  static ConsoleConfig read(YamlMap map, boolean signsIn) {
    if (!signsIn) {
      map.fault(
          "address",
          "people sign in to the console through 'broker', without pushing their requests");
    }
    return new ConsoleConfig(
        map.value("address", URI::create),
        Map.of(
            Duty.HELP_DESK, Set.copyOf(map.texts("help_desk")),
            Duty.ADMINISTRATOR, Set.copyOf(map.texts("administrators")),
            Duty.REVIEWER, Set.copyOf(map.texts("reviewers"))),
        map.optionalMap("second_factor")
            .map(ConsoleSection::secondFactor)
            .orElse(SecondFactor.DEFAULT),
        map.duration("session_life", ConsoleConfig.DEFAULT_SESSION_LIFE));
  }

  private static SecondFactor secondFactor(YamlMap map) {
    if (!map.bool("demanded", true)) {
      return SecondFactor.NOT_DEMANDED;
    }
    var acrValues = map.texts("acr_values");
    var methods = map.texts("amr");
    return acrValues.isEmpty() && methods.isEmpty()
        ? SecondFactor.DEFAULT
        : new SecondFactor(true, acrValues, Set.copyOf(methods));
  }
}
