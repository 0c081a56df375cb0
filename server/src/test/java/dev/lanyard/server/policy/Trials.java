package dev.lanyard.server.policy;

import dev.lanyard.server.condition.ConditionCompiler;
import dev.lanyard.server.library.Assurance;
import dev.lanyard.server.library.Requirement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Conditions whose meaning is known without their language.
final class Trials {
  enum Meaning {
    MET,
    NOT_MET,
    FAILED
  }

  private static final ConditionCompiler COMPILER = new ConditionCompiler();

  private static final Map<String, String> EXPRESSIONS =
      Map.of(
          "client0", "client == 'client0'",
          "group1", "groups.exists(g, g == 'g1')",
          "third-group", "groups[2] != ''",
          "strong", "auth.acr == 'strong'",
          "recent", "now - auth.auth_time <= duration('600s')");

  private static final Map<String, Assurance> STEP_UPS =
      Map.of(
          "strong", new Assurance(Optional.empty(), List.of("strong")),
          "recent", new Assurance(Optional.of(Duration.ofSeconds(600)), List.of()));

  private Trials() {}

  static List<Requirement> all() {
    return EXPRESSIONS.keySet().stream()
        .sorted()
        .map(name ->
            new Requirement(
                name,
                COMPILER.compile(EXPRESSIONS.get(name)),
                Optional.ofNullable(STEP_UPS.get(name))))
        .toList();
  }

  static Meaning meaning(String name, AccessRequest request) {
    return switch (name) {
      case "client0" -> of(request.client().value().equals("client0"));
      case "group1" -> of(request.member().groups().contains("g1"));
      case "third-group" -> request.member().groups().size() > 2 ? Meaning.MET : Meaning.FAILED;
      case "strong" -> of(request.authentication().contextClass().equals(Optional.of("strong")));
      case "recent" ->
          of(
              !request
                  .authentication()
                  .time()
                  .orElse(Instant.EPOCH)
                  .plusSeconds(600)
                  .isBefore(request.at()));
      default -> throw new AssertionError(name);
    };
  }

  private static Meaning of(boolean met) {
    return met ? Meaning.MET : Meaning.NOT_MET;
  }
}
