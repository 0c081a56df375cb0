package dev.lanyard.server.library;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Where the entries of a library are written.
final class Places {
  private final Map<String, Place> places = new HashMap<>();

  /// @param line from 1; 0 for the file as a whole
  record Place(Path file, int line) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /// Remembers the first place of an entry, and answers it.
  Place first(String kind, String name, Place place) {
    var previous = places.putIfAbsent(key(kind, name), place);
    return previous == null ? place : previous;
  }

  /// Where an entry is, or the folder if it is nowhere.
  Place of(String kind, String name, Path folder) {
    return places.getOrDefault(key(kind, name), new Place(folder, 0));
  }

  private static String key(String kind, String name) {
    return kind + " " + name;
  }
}
