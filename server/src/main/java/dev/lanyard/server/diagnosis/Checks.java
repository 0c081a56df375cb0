package dev.lanyard.server.diagnosis;

import dev.lanyard.server.yaml.YamlDocument;
import dev.lanyard.server.yaml.YamlMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that this product can refuse, with the requirement behind it and what to do. A table
/// in a file, so that it can be read and mended without reading code; that nothing is missing from
/// it a test proves from the compiled classes. Immutable.
final class Checks {
  private final Map<String, Requirement> requirements;
  private final Map<String, Advice> policy;
  private final Map<String, Advice> tools;
  private final Map<String, Advice> events;
  private final Map<String, Advice> outages;

  private Checks(YamlMap top) {
    this.requirements = requirements(top.map("requirements"));
    this.policy = advices(top.map("policy"));
    this.tools = advices(top.map("tools"));
    this.events = advices(top.map("events"));
    this.outages = advices(top.map("outages"));
  }

  /// A requirement and what it means if it is not met.
  ///
  /// @param section where it comes from
  /// @param general what its refusals have in common
  /// @param checks those of its checks that mean something else
  record Requirement(String id, String section, Advice general, Map<String, Advice> checks) {
    Requirement {
      checks = Map.copyOf(checks);
    }

    Advice advice(Optional<String> check) {
      return check.map(checks::get).orElse(general);
    }
  }

  /// The table of this release. It is read when somebody first asks, since a start needs it not.
  static Checks builtIn() {
    return BuiltIn.TABLE;
  }

  private static final class BuiltIn {
    static final Checks TABLE = read();
  }

  private static Checks read() {
    var name = "checks.yaml";
    try (var stream = Checks.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the table of checks is missing from this build");
      }
      return YamlDocument.parse(Path.of(name), stream.readAllBytes()).read(Checks::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Requirement> requirements(YamlMap map) {
    var all = new LinkedHashMap<String, Requirement>();
    for (var id : map.keys()) {
      var one = map.map(id);
      var checks = one.optionalMap("checks").map(Checks::advices).orElse(Map.of());
      all.put(id, new Requirement(id, one.text("section"), advice(one), checks));
    }
    return Map.copyOf(all);
  }

  private static Map<String, Advice> advices(YamlMap map) {
    var all = new HashMap<String, Advice>();
    map.keys().forEach(name -> all.put(name, advice(map.map(name))));
    return Map.copyOf(all);
  }

  private static Advice advice(YamlMap map) {
    return new Advice(map.text("says"), map.text("remedy"));
  }

  Optional<Requirement> requirement(String id) {
    return Optional.ofNullable(requirements.get(id));
  }

  /// What it means that the role library gave this reason, for an access or for a tool.
  Optional<Advice> reason(String code) {
    return Optional.ofNullable(policy.get(code)).or(() -> Optional.ofNullable(tools.get(code)));
  }

  /// What a record of this type means that tells of a refusal or failure: the type itself, or else
  /// the longest family that it belongs to.
  Optional<Advice> event(String type) {
    return Optional.ofNullable(events.get(type))
        .or(() ->
            events.entrySet().stream()
                .filter(entry -> isOf(entry.getKey(), type))
                .max(Map.Entry.comparingByKey((one, two) -> one.length() - two.length()))
                .map(Map.Entry::getValue));
  }

  private static boolean isOf(String family, String type) {
    return family.startsWith("*")
        ? type.endsWith(family.substring(1))
        : family.endsWith("*") && type.startsWith(family.substring(0, family.length() - 1));
  }

  /// What it means that nobody could decide, by what the evidence names.
  Optional<Advice> outage(String name) {
    return Optional.ofNullable(outages.get(name));
  }

  Map<String, Requirement> requirements() {
    return requirements;
  }

  /// Every text, for whoever checks texts.
  Iterable<Advice> all() {
    var all = new ArrayList<Advice>();
    for (var requirement : requirements.values()) {
      all.add(requirement.general());
      all.addAll(requirement.checks().values());
    }
    for (var group : List.of(policy, tools, events, outages)) {
      all.addAll(group.values());
    }
    return all;
  }
}
