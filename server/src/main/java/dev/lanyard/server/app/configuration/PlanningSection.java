package dev.lanyard.server.app.configuration;

import dev.lanyard.server.governance.review.ReviewConfig;
import dev.lanyard.server.governance.value.Assumptions;
import dev.lanyard.server.governance.value.Assumptions.Minutes;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/// The sections of the configuration about reviews, contracts and the value report.
///
/// @param terms the file of the terms of the contracts; empty if there is none
/// @param value what the organisation assumes about work that is saved
public record PlanningSection(ReviewConfig reviews, Optional<Path> terms, Assumptions value) {
  static PlanningSection read(YamlMap top, Function<String, Path> paths) {
    return new PlanningSection(
        top.optionalMap("reviews")
            .map(map ->
                new ReviewConfig(
                    map.optionalValue("approvers", paths),
                    map.duration("within", ReviewConfig.DEFAULT.within())))
            .orElse(ReviewConfig.DEFAULT),
        top.optionalMap("contract").map(map -> map.value("terms", paths)),
        top.optionalMap("value").map(PlanningSection::value).orElse(Assumptions.NONE));
  }

  private static Assumptions value(YamlMap map) {
    return new Assumptions(
        map.optionalMap("ticket").map(PlanningSection::minutes),
        map.optionalMap("consent").map(PlanningSection::minutes));
  }

  private static Minutes minutes(YamlMap map) {
    return new Minutes(map.integer("minutes", 0), map.text("source"));
  }
}
