package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// Reads `separation_of_duty:`.
final class SeparationReader {
  private final GivenReader given;
  private final Names entries;
  private final List<Separation> separations = new ArrayList<>();

  SeparationReader(GivenReader given, Places places) {
    this.given = given;
    this.entries = new Names("separation", places);
  }

  void read(Path file, YamlMap top) {
    top.optionalMap("separation_of_duty")
        .ifPresent(section -> entries.eachEntry(file, section, this::separation));
  }

  List<Separation> separations() {
    return separations;
  }

  private void separation(String name, YamlMap map) {
    var justification = Texts.justification(map);
    var key = "never_together";
    if (!map.has(key)) {
      map.fault(
          key, "'never_together' is missing; name connectors with scopes that exclude each other");
    }
    var scopes = new HashMap<String, Scopes>();
    map.optionalMap(key)
        .ifPresent(section -> {
          for (var connector : section.keys()) {
            scopes.put(connector, given.scopes(section, connector, connector));
          }
          if (scopes.values().stream().mapToInt(one -> one.values().size()).sum() < 2) {
            map.fault(key, "one scope excludes nothing; name two at least");
          }
        });
    justification.ifPresent(why -> separations.add(new Separation(name, why, scopes)));
  }
}
