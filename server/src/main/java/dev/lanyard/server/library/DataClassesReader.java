package dev.lanyard.server.library;

import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.Optional;

/// Reads `data_classes:`, and names of data classes wherever they stand.
final class DataClassesReader {
  private DataClasses classes = DataClasses.DEFAULT;
  private Optional<Path> named = Optional.empty();

  void read(Path file, YamlMap top) {
    var key = "data_classes";
    if (!top.has(key)) {
      return;
    }
    if (named.isPresent()) {
      top.fault(key, "'data_classes' is also in " + named.get() + "; keep one list");
    }
    named = Optional.of(file);
    var names = top.attempts(key, DataClassesReader::name);
    if (names.isEmpty()) {
      top.fault(key, "the list 'data_classes' is empty; name them from the least sensitive up");
    } else {
      classes = DataClasses.named(names);
    }
  }

  DataClasses classes() {
    return classes;
  }

  private static String name(String text) {
    if (!Names.NAME.matcher(text).matches()) {
      throw new IllegalArgumentException("no name for a data class; use " + Names.ALPHABET);
    }
    return text;
  }

  /// The data class that a key names, if it is there and known.
  Optional<DataClass> at(YamlMap map, String key) {
    var name = map.optionalText(key);
    var found = name.flatMap(classes::find);
    if (name.isPresent() && found.isEmpty()) {
      map.fault(
          key,
          "there is no data class '"
              + name.get()
              + "'; "
              + Suggestion.of(name.get(), classes.names()));
    }
    return found;
  }
}
