package dev.lanyard.server.yaml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// One mapping of a YAML file, read key by key. Keys that nobody asked for become faults at the
/// end. Not thread-safe.
public final class YamlMap {
  private final YamlContext context;
  private final String path;
  private final int line;
  private final Map<String, Node> members = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final TreeSet<String> asked = new TreeSet<>();
  private final List<YamlMap> children = new ArrayList<>();

  YamlMap(YamlContext context, String path, MappingNode node) {
    this.context = context;
    this.path = path;
    this.line = YamlContext.line(node);
    for (var tuple : node.getValue()) {
      members.put(YamlContext.keyOf(tuple), tuple.getValueNode());
      keys.put(YamlContext.keyOf(tuple), tuple.getKeyNode());
    }
  }

  /// The line where this mapping begins, from 1.
  public int line() {
    return line;
  }

  /// The line of a key, or of this mapping if the key is not there.
  public int line(String key) {
    return keys.containsKey(key) ? YamlContext.line(keys.get(key)) : line;
  }

  /// The keys as the file has them, for mappings whose keys are names of the administrator's.
  public List<String> keys() {
    return List.copyOf(keys.keySet());
  }

  public boolean has(String key) {
    asked.add(key);
    return override(key).isPresent() || members.containsKey(key);
  }

  /// Whether a key has keys and values below it, so that it is to be read with [#map].
  public boolean isMapping(String key) {
    return override(key).isEmpty() && members.get(key) instanceof MappingNode;
  }

  /// A text; absent is a fault.
  public String text(String key) {
    return optionalText(key).orElseThrow(() -> missing(key));
  }

  public String text(String key, String otherwise) {
    return optionalText(key).orElse(otherwise);
  }

  public Optional<String> optionalText(String key) {
    asked.add(key);
    var override = override(key);
    if (override.isPresent()) {
      return override;
    }
    var node = members.get(key);
    if (node == null) {
      return Optional.empty();
    }
    var text = YamlContext.scalar(node);
    if (text.isEmpty()) {
      context.fault(YamlContext.line(node), "'" + name(key) + "' needs a text");
    }
    return text;
  }

  /// A value that is made from a text by a constructor that refuses with
  /// [IllegalArgumentException], whose message becomes the fault.
  public <T> T value(String key, Function<String, T> constructor) {
    return convert(key, text(key), constructor);
  }

  public <T> Optional<T> optionalValue(String key, Function<String, T> constructor) {
    return optionalText(key).map(text -> convert(key, text, constructor));
  }

  /// Like [#optionalValue], but a value that is refused is reported and counts as absent, so that
  /// reading goes on and finds the next fault.
  public <T> Optional<T> attempt(String key, Function<String, T> constructor) {
    return optionalText(key).flatMap(text -> attempt(key, text, constructor));
  }

  /// The values of a list that could be made; those that were refused and those that are there
  /// twice are reported.
  public <T> List<T> attempts(String key, Function<String, T> constructor) {
    var values = new ArrayList<T>();
    for (var text : texts(key)) {
      var value = attempt(key, text, constructor);
      if (value.isPresent() && values.contains(value.get())) {
        fault(key, "'" + text + "' is in the list twice; remove one");
      } else {
        value.ifPresent(values::add);
      }
    }
    return List.copyOf(values);
  }

  /// The value of a key itself, for mappings whose keys mean something.
  public <T> Optional<T> attemptKey(String key, Function<String, T> constructor) {
    return attempt(key, key, constructor);
  }

  public boolean bool(String key, boolean otherwise) {
    return optionalValue(key, YamlMap::parseBool).orElse(otherwise);
  }

  public int integer(String key, int otherwise) {
    return optionalValue(key, Integer::valueOf).orElse(otherwise);
  }

  /// A duration such as `300s`, `45m`, `8h`, `30d`.
  public Duration duration(String key, Duration otherwise) {
    return optionalValue(key, Durations::parse).orElse(otherwise);
  }

  /// A duration, if there is one; one that is refused is reported and counts as absent.
  public Optional<Duration> optionalDuration(String key) {
    return attempt(key, Durations::parse);
  }

  /// A list of texts; absent is the empty list, a single text a list of one.
  public List<String> texts(String key) {
    asked.add(key);
    var override = override(key);
    if (override.isPresent()) {
      return List.of(override.get().split("\\s*,\\s*"));
    }
    var node = members.get(key);
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof SequenceNode sequence)) {
      return YamlContext.scalar(node).map(List::of).orElseGet(() -> notTexts(key, node));
    }
    var texts = sequence.getValue().stream().map(YamlContext::scalar).toList();
    return texts.stream().allMatch(Optional::isPresent)
        ? texts.stream().flatMap(Optional::stream).toList()
        : notTexts(key, node);
  }

  /// A list of values made from texts, as [#value] makes one.
  public <T> List<T> values(String key, Function<String, T> constructor) {
    return texts(key).stream().map(text -> convert(key, text, constructor)).toList();
  }

  /// A mapping below this one; absent is a fault.
  public YamlMap map(String key) {
    return optionalMap(key).orElseThrow(() -> missing(key));
  }

  public Optional<YamlMap> optionalMap(String key) {
    asked.add(key);
    var node = members.get(key);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof MappingNode mapping) {
      return Optional.of(child(name(key), mapping));
    }
    context.fault(YamlContext.line(node), "'" + name(key) + "' needs keys and values below it");
    return Optional.empty();
  }

  /// A list of mappings; absent is the empty list.
  public List<YamlMap> maps(String key) {
    asked.add(key);
    var node = members.get(key);
    if (node == null) {
      return List.of();
    }
    var maps = new ArrayList<YamlMap>();
    if (node instanceof SequenceNode sequence) {
      for (var element : sequence.getValue()) {
        if (element instanceof MappingNode mapping) {
          maps.add(child(name(key) + "[" + maps.size() + "]", mapping));
        }
      }
      if (maps.size() == sequence.getValue().size()) {
        return maps;
      }
    }
    context.fault(YamlContext.line(node), "'" + name(key) + "' needs a list of entries");
    return List.of();
  }

  /// Whether the value of a key is a mapping.
  public boolean isMap(String key) {
    return members.get(key) instanceof MappingNode;
  }

  /// Whether a key is there without a value.
  public boolean isEmpty(String key) {
    return members.get(key) instanceof ScalarNode scalar && Tag.NULL.equals(scalar.getTag());
  }

  /// Reports a fault of the reader's own about a key of this mapping; reading goes on.
  public void fault(String key, String message) {
    context.fault(line(key), message);
  }

  void refuseUnknown() {
    for (var key : keys.keySet()) {
      if (!asked.contains(key)) {
        context.fault(line(key), "unknown key '" + name(key) + "'; known here: " + asked);
      }
    }
    children.forEach(YamlMap::refuseUnknown);
  }

  private YamlMap child(String childPath, MappingNode mapping) {
    var child = new YamlMap(context, childPath, mapping);
    children.add(child);
    return child;
  }

  private <T> T convert(String key, String text, Function<String, T> constructor) {
    return attempt(key, text, constructor).orElseThrow(YamlContext.Stop::new);
  }

  private <T> Optional<T> attempt(String key, String text, Function<String, T> constructor) {
    try {
      return Optional.of(constructor.apply(text));
    } catch (IllegalArgumentException e) {
      // The constructors of configuration values have no other way to refuse.
      fault(key, "'" + name(key) + "': " + e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean parseBool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("needs true or false");
    };
  }

  private List<String> notTexts(String key, Node node) {
    context.fault(YamlContext.line(node), "'" + name(key) + "' needs a list of texts");
    return List.of();
  }

  private YamlContext.Stop missing(String key) {
    return context.stop(line, "'" + name(key) + "' is missing");
  }

  private Optional<String> override(String key) {
    return context.overrides().apply(name(key));
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
