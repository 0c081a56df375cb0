package dev.lanyard.server.library;

import dev.lanyard.server.condition.Condition;
import dev.lanyard.server.condition.ConditionCompiler;
import dev.lanyard.server.yaml.YamlMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads `conditions:` of roles and of what they give.
final class ConditionReader {
  private final ConditionCompiler compiler;

  ConditionReader(ConditionCompiler compiler) {
    this.compiler = compiler;
  }

  List<Requirement> conditions(YamlMap map) {
    var conditions = new ArrayList<Requirement>();
    map.optionalMap("conditions")
        .ifPresent(section -> {
          for (var name : section.keys()) {
            if (!Names.NAME.matcher(name).matches()) {
              section.fault(
                  name, "'" + name + "' is no name for a condition; use " + Names.ALPHABET);
            }
            section
                .optionalMap(name)
                .flatMap(entry -> condition(name, entry))
                .ifPresent(conditions::add);
          }
        });
    return conditions;
  }

  private Optional<Requirement> condition(String name, YamlMap map) {
    if (!map.has("when")) {
      map.fault("when", "'when' is missing; write the expression that must be true");
    }
    Optional<Condition> condition = map.attempt("when", compiler::compile);
    var stepUp = map.optionalMap("step_up").flatMap(ConditionReader::stepUp);
    return condition.map(checked -> new Requirement(name, checked, stepUp));
  }

  private static Optional<Assurance> stepUp(YamlMap map) {
    var maxAge = map.optionalDuration("max_age");
    var acrValues = map.attempts("acr_values", ConditionReader::acr);
    if (maxAge.isEmpty() && acrValues.isEmpty()) {
      map.fault("max_age", "a step-up needs 'max_age' or 'acr_values'; write one or both");
      return Optional.empty();
    }
    return Optional.of(new Assurance(maxAge.map(ConditionReader::wholeSeconds), acrValues));
  }

  /// On the wire it is a number of seconds; a shorter time would become none at all.
  private static Duration wholeSeconds(Duration age) {
    return Duration.ofSeconds(Math.max(1, age.toSeconds()));
  }

  private static String acr(String text) {
    if (text.isEmpty()
        || text.chars().anyMatch(c -> c <= 0x20 || c > 0x7e || c == '"' || c == '\\')) {
      throw new IllegalArgumentException("'" + text + "' is no acr value; it has no spaces");
    }
    return text;
  }
}
