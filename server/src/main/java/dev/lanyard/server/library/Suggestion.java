package dev.lanyard.server.library;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/// What somebody who mistyped a name probably meant.
///
/// @param closest the most similar name, if one is similar
/// @param known all names there are
record Suggestion(Optional<String> closest, Collection<String> known) {
  private static final int SHOWN = 12;

  static Suggestion of(String written, Collection<String> known) {
    var closest =
        known.stream()
            .filter(name -> distance(written, name) <= Math.max(1, written.length() / 3))
            .min(Comparator.comparingInt((String name) -> distance(written, name)));
    return new Suggestion(closest, new TreeSet<>(known));
  }

  /// Levenshtein's distance.
  private static int distance(String a, String b) {
    var row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  /// A sentence for the remedy of a [dev.lanyard.server.yaml.Fault].
  @Override
  public String toString() {
    if (closest.isPresent()) {
      return "did you mean '" + closest.get() + "'?";
    }
    if (known.isEmpty()) {
      return "there is none to name";
    }
    var shown = known.stream().limit(SHOWN).toList();
    return "use one of: " + String.join(", ", shown) + (known.size() > SHOWN ? ", …" : "");
  }
}
