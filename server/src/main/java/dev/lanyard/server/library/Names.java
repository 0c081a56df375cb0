package dev.lanyard.server.library;

import dev.lanyard.server.library.Places.Place;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/// The named entries of one section over all files. A name belongs to one entry: of two, an
/// administrator could only guess which one counts.
final class Names {
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  static final String ALPHABET = "1 to 64 letters, digits, dots, hyphens or underscores";

  private final String what;
  private final Pattern allowed;
  private final String alphabet;
  private final Places places;

  /// @param what the kind of entry, in the singular
  Names(String what, Places places) {
    this(what, NAME, ALPHABET, places);
  }

  Names(String what, Pattern allowed, String alphabet, Places places) {
    this.what = what;
    this.allowed = allowed;
    this.alphabet = alphabet;
    this.places = places;
  }

  void eachEntry(Path file, YamlMap section, BiConsumer<String, YamlMap> reader) {
    for (var name : section.keys()) {
      if (!allowed.matcher(name).matches()) {
        section.fault(name, "'" + name + "' is no name for a " + what + "; use " + alphabet);
      }
      var place = new Place(file, section.line(name));
      var first = places.first(what, name, place);
      if (!first.equals(place)) {
        section.fault(
            name, what + " '" + name + "' is also at " + first + "; rename or remove one");
      }
      section.optionalMap(name).ifPresent(entry -> reader.accept(name, entry));
    }
  }
}
