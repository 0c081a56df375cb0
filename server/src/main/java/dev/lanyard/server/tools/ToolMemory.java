package dev.lanyard.server.tools;

import dev.lanyard.server.database.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The tools as the record had them last. Thread-safe.
final class ToolMemory {
  private volatile Map<String, Map<String, KnownTool>> byConnector = Map.of();
  private volatile Map<Key, List<MirroredParameter>> mirrored = Map.of();
  private volatile Map<Key, Set<String>> wordings = Map.of();

  /// Names a tool of a connector.
  record Key(String connector, String tool) {}

  /// Reads everything anew. One after the other, so that what is read later is kept; tools are few
  /// and change seldom.
  synchronized void takeOver(Reading record) {
    var fresh = new TreeMap<String, Map<String, KnownTool>>();
    for (var tool : record.read(connection -> new ToolTables(connection).all())) {
      fresh.computeIfAbsent(tool.connector(), _ -> new TreeMap<>()).put(tool.name(), tool);
    }
    mirrored = record.read(connection -> new ToolTables(connection).mirrored());
    wordings = record.read(connection -> new ToolTables(connection).wordings());
    byConnector = fresh;
  }

  Optional<KnownTool> find(String connector, String tool) {
    return Optional.ofNullable(byConnector.getOrDefault(connector, Map.of()).get(tool));
  }

  List<MirroredParameter> mirrored(String connector, String tool) {
    return mirrored.getOrDefault(new Key(connector, tool), List.of());
  }

  /// What is accepted of a tool beside what was accepted last.
  Set<String> wordings(String connector, String tool) {
    return wordings.getOrDefault(new Key(connector, tool), Set.of());
  }

  List<KnownTool> of(String connector) {
    return List.copyOf(byConnector.getOrDefault(connector, Map.of()).values());
  }

  List<KnownTool> all() {
    var all = new ArrayList<KnownTool>();
    byConnector.values().forEach(tools -> all.addAll(tools.values()));
    return List.copyOf(all);
  }
}
