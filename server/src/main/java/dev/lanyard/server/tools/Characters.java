package dev.lanyard.server.tools;

import dev.lanyard.server.tools.Suspicion.Kind;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Finds characters by which a text says something else to a model than to a person.
final class Characters {
  private static final int AROUND = 24;
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int EMOJI_STYLE = 0xFE0F;

  /// In these, letters are joined or kept apart by characters that are not seen.
  private static final Set<UnicodeScript> JOINING =
      EnumSet.of(
          UnicodeScript.ARABIC,
          UnicodeScript.BENGALI,
          UnicodeScript.DEVANAGARI,
          UnicodeScript.GUJARATI,
          UnicodeScript.GURMUKHI,
          UnicodeScript.KANNADA,
          UnicodeScript.KHMER,
          UnicodeScript.MALAYALAM,
          UnicodeScript.SINHALA,
          UnicodeScript.SYRIAC,
          UnicodeScript.TAMIL,
          UnicodeScript.TELUGU);

  /// Whose letters look like each other's.
  private static final Set<UnicodeScript> ALIKE =
      EnumSet.of(
          UnicodeScript.LATIN,
          UnicodeScript.CYRILLIC,
          UnicodeScript.GREEK,
          UnicodeScript.ARMENIAN,
          UnicodeScript.CHEROKEE);

  /// Shorter words are units of measurement: kΩ, μs.
  private static final int SHORTEST_WORD = 4;

  /// Where Unicode begins to have plain letters in other guises; before are those of ordinals.
  private static final int FIRST_ORNAMENT = 0x2100;

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}]+");

  private Characters() {}

  static List<Suspicion> inspect(String pointer, String text) {
    var found = new ArrayList<Suspicion>();
    int[] points = text.codePoints().toArray();
    add(found, Kind.DIRECTION, pointer, points, firstOf(points, Characters::isDirection));
    add(found, Kind.HIDDEN_CHARACTERS, pointer, points, firstOf(points, Characters::isHidden));
    homoglyph(text)
        .ifPresent(word -> found.add(new Suspicion(Kind.HOMOGLYPH, pointer, Visible.line(word))));
    return found;
  }

  private interface Place {
    boolean test(int[] points, int at);
  }

  private static int firstOf(int[] points, Place place) {
    for (int at = 0; at < points.length; at++) {
      if (place.test(points, at)) {
        return at;
      }
    }
    return -1;
  }

  private static void add(List<Suspicion> found, Kind kind, String pointer, int[] points, int at) {
    if (at >= 0) {
      int from = Math.max(0, at - AROUND);
      int to = Math.min(points.length, at + AROUND);
      found.add(new Suspicion(kind, pointer, Visible.line(new String(points, from, to - from))));
    }
  }

  private static boolean isDirection(int[] points, int at) {
    int point = points[at];
    return (point >= 0x202A && point <= 0x202E)
        || (point >= 0x2066 && point <= 0x2069)
        || point == 0x200E
        || point == 0x200F
        || point == 0x061C;
  }

  private static boolean isHidden(int[] points, int at) {
    int point = points[at];
    if (point == '\n' || point == '\t' || point == '\r' || isDirection(points, at)) {
      return false;
    }
    if (point == ZERO_WIDTH_JOINER || point == ZERO_WIDTH_NON_JOINER) {
      return !joins(points, at);
    }
    if (point == EMOJI_STYLE) {
      return at == 0 || !isPictured(points[at - 1]);
    }
    return !Visible.isShown(point) && !isSpace(point);
  }

  /// Spaces of other widths are seen, more or less.
  private static boolean isSpace(int point) {
    return Character.getType(point) == Character.SPACE_SEPARATOR;
  }

  private static boolean joins(int[] points, int at) {
    if (at == 0 || at + 1 == points.length) {
      return false;
    }
    int before = points[at - 1];
    return JOINING.contains(UnicodeScript.of(before))
        || (points[at] == ZERO_WIDTH_JOINER
            && (isPictured(before) || Visible.isVariationSelector(before))
            && isPictured(points[at + 1]));
  }

  /// Also digits and the number sign, which become keycaps.
  private static boolean isPictured(int point) {
    return Character.isEmoji(point) || Character.isEmojiModifier(point);
  }

  /// A word of letters of several scripts that look alike, or of letters that are ornaments of
  /// plain ones.
  private static Optional<String> homoglyph(String text) {
    if (text.chars().allMatch(unit -> unit < 0x80)) {
      return Optional.empty();
    }
    return WORD.matcher(text)
        .results()
        .map(MatchResult::group)
        .filter(word -> word.length() >= SHORTEST_WORD)
        .filter(word -> isMixed(word) || isOrnament(word))
        .findFirst();
  }

  private static boolean isMixed(String word) {
    var scripts = EnumSet.noneOf(UnicodeScript.class);
    word.codePoints().mapToObj(UnicodeScript::of).filter(ALIKE::contains).forEach(scripts::add);
    return scripts.size() > 1;
  }

  /// Mathematical and full-width letters: nobody writes words with them but to get past a search.
  private static boolean isOrnament(String word) {
    return word.codePoints()
        .filter(point -> point >= FIRST_ORNAMENT)
        .anyMatch(point -> {
          var folded = Normalizer.normalize(Character.toString(point), Normalizer.Form.NFKC);
          return folded.length() == 1
              && Character.isLetter(folded.charAt(0))
              && folded.charAt(0) < 0x80;
        });
  }
}
