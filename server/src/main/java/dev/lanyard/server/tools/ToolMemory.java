package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Change;
import dev.lanyard.server.database.Follower;
import dev.lanyard.server.database.Reading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The tools as the record had them last. A server decides how often its tools change and what it
/// says of them, and kills are told on the same thread: so of each change only the tools that it is
/// about are read, and never a definition. Thread-safe.
final class ToolMemory implements Follower {
  /// Of more tools at once the whole connector is read.
  private static final int MOST_NAMED = 100;

  private static final String CONNECTOR = "connector";
  private static final String TOOLS = "tools";

  private volatile Map<String, Tools> byConnector = Map.of();

  /// The tools of one connector, by their names.
  ///
  /// @param mirrored the parameters of a tool that clients repeat in headers, as the record keeps
  ///   them: few tools have any
  /// @param wordings what is accepted of a tool beside what was accepted last
  private record Tools(
      Map<String, KnownTool> known,
      Map<String, String> mirrored,
      Map<String, Set<String>> wordings) {
    static final Tools NONE = new Tools(Map.of(), Map.of(), Map.of());

    /// @param some of which tools; empty for all
    static Tools read(String connector, Collection<String> some, Reading record) {
      var known = new TreeMap<String, KnownTool>();
      record
          .read(connection -> new ToolTables(connection).some(connector, some))
          .forEach(tool -> known.put(tool.name(), tool));
      return new Tools(
          known,
          record.read(connection -> new ToolTables(connection).mirrored(connector, some)),
          record.read(connection -> new ToolTables(connection).wordings(connector, some)));
    }

    /// The same with what is read of some of them.
    Tools with(Collection<String> some, Tools read) {
      return new Tools(
          replaced(new TreeMap<>(known), some, read.known()),
          replaced(new HashMap<>(mirrored), some, read.mirrored()),
          replaced(new HashMap<>(wordings), some, read.wordings()));
    }

    private static <T> Map<String, T> replaced(
        Map<String, T> all, Collection<String> some, Map<String, T> read) {
      all.keySet().removeAll(some);
      all.putAll(read);
      return all;
    }
  }

  /// What a change tells every node.
  static JsonObject change(String connector, Collection<String> tools) {
    var body = JsonObject.builder().put(CONNECTOR, connector);
    if (tools.size() <= MOST_NAMED) {
      body.put(TOOLS, List.copyOf(tools));
    }
    return body.build();
  }

  /// One after the other, so that what is read later is kept.
  @Override
  public synchronized void follow(List<Change> changes, Reading record) {
    var fresh = new TreeMap<>(byConnector);
    changed(changes)
        .forEach((connector, some) -> {
          var read = Tools.read(connector, some, record);
          var tools =
              some.isEmpty() ? read : fresh.getOrDefault(connector, Tools.NONE).with(some, read);
          fresh.put(connector, tools);
        });
    byConnector = fresh;
  }

  /// The tools that changes are about, by their connectors; none stands for all of a connector, as
  /// where an older program does not name them.
  private static Map<String, Set<String>> changed(List<Change> changes) {
    var changed = new LinkedHashMap<String, Set<String>>();
    for (var change : changes) {
      try {
        var connector = change.body().nonEmptyString(CONNECTOR);
        var tools = new TreeSet<>(change.body().strings(TOOLS).orElse(List.of()));
        changed.merge(connector, tools, ToolMemory::together);
      } catch (MalformedException e) {
        throw new IllegalStateException("a change of tools is not readable", e);
      }
    }
    return changed;
  }

  private static Set<String> together(Set<String> some, Set<String> more) {
    if (some.isEmpty() || more.isEmpty() || some.size() + more.size() > MOST_NAMED) {
      return Set.of();
    }
    some.addAll(more);
    return some;
  }

  @Override
  public synchronized void reload(Reading record) {
    var fresh = new TreeMap<String, Tools>();
    for (var connector : record.read(connection -> new ToolTables(connection).connectors())) {
      fresh.put(connector, Tools.read(connector, List.of(), record));
    }
    byConnector = fresh;
  }

  private Tools tools(String connector) {
    return byConnector.getOrDefault(connector, Tools.NONE);
  }

  Optional<KnownTool> find(String connector, String tool) {
    return Optional.ofNullable(tools(connector).known().get(tool));
  }

  List<MirroredParameter> mirrored(String connector, String tool) {
    var kept = tools(connector).mirrored().get(tool);
    return kept == null ? List.of() : MirroredParameter.kept(kept);
  }

  /// What is accepted of a tool beside what was accepted last.
  Set<String> wordings(String connector, String tool) {
    return tools(connector).wordings().getOrDefault(tool, Set.of());
  }

  List<KnownTool> of(String connector) {
    return List.copyOf(tools(connector).known().values());
  }

  List<KnownTool> all() {
    var all = new ArrayList<KnownTool>();
    byConnector.values().forEach(tools -> all.addAll(tools.known().values()));
    return List.copyOf(all);
  }
}
