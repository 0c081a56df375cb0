package dev.lanyard.server.library;

import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/// The named entries of one section over all files. A name belongs to one entry: of two, an
/// administrator could only guess which one counts.
final class Names {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final String what;
  private final Map<String, String> taken = new HashMap<>();

  /// @param what the kind of entry, in the singular
  Names(String what) {
    this.what = what;
  }

  void eachEntry(Path file, YamlMap section, BiConsumer<String, YamlMap> reader) {
    for (var name : section.keys()) {
      if (!NAME.matcher(name).matches()) {
        section.fault(
            name,
            "'"
                + name
                + "' is no name for a "
                + what
                + "; use 1 to 64 letters, digits, dots, hyphens or underscores");
      }
      var previous = taken.putIfAbsent(name, file + ":" + section.line(name));
      if (previous != null) {
        section.fault(
            name, what + " '" + name + "' is also at " + previous + "; rename or remove one");
      }
      section.optionalMap(name).ifPresent(entry -> reader.accept(name, entry));
    }
  }
}
