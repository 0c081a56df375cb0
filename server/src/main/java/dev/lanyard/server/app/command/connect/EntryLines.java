package dev.lanyard.server.app.command.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The lines of an entry of the configuration, as a person would write them. What is not said is
/// left out.
final class EntryLines {
  private final List<String> lines = new ArrayList<>();

  void put(String key, String value) {
    lines.add(key + ": " + quoted(value));
  }

  void put(String key, Optional<String> value) {
    value.ifPresent(text -> put(key, text));
  }

  void put(String key, List<String> values) {
    if (!values.isEmpty()) {
      lines.add(
          key + ": [" + String.join(", ", values.stream().map(EntryLines::quoted).toList()) + "]");
    }
  }

  void put(String key, Map<String, String> values) {
    below(key, section -> values.forEach((name, value) -> section.put(quoted(name), value)));
  }

  /// A section, if anything is said in it.
  void below(String key, Consumer<EntryLines> said) {
    var section = new EntryLines();
    said.accept(section);
    if (!section.lines.isEmpty()) {
      lines.add(key + ":");
      section.lines.forEach(line -> lines.add("  " + line));
    }
  }

  List<String> all() {
    return List.copyOf(lines);
  }

  /// Plain where YAML takes it for text as it is.
  private static String quoted(String text) {
    return text.matches("[A-Za-z][A-Za-z0-9_./-]*(:[/0-9][A-Za-z0-9_./-]*)*")
            && !text.matches("(?i)true|false|null|yes|no|on|off")
        ? text
        : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
