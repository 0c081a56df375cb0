package dev.lanyard.server.diagnosis;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A correlation id as somebody read it aloud and somebody else typed it.
///
/// @param exactly as it was typed, without what surrounds it
record SpokenId(String exactly) {
  private static final int GROUP = 4;

  static SpokenId of(String typed) {
    return new SpokenId(typed.strip());
  }

  /// How it may have been meant, the likeliest first: as it stands; or in lower case, in groups of
  /// four, with the digits that letters are mistaken for.
  List<String> readings() {
    return Stream.of(exactly, grouped()).filter(one -> !one.isEmpty()).distinct().toList();
  }

  private String grouped() {
    var letters =
        exactly
            .toLowerCase(Locale.ROOT)
            .replaceAll("[\\s-]", "")
            .replace('o', '0')
            .replace('i', '1')
            .replace('l', '1');
    return letters.replaceAll("(.{%d})(?=.)".formatted(GROUP), "$1-");
  }
}
