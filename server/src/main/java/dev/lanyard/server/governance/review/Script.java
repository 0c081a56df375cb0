package dev.lanyard.server.governance.review;

import com.ibm.icu.text.ArabicShaping;
import com.ibm.icu.text.ArabicShapingException;
import com.ibm.icu.text.Bidi;
import com.ibm.icu.text.Transliterator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/// Text of any script, as one writes it into a PDF document: with fonts that are embedded, from
/// right to left where that is so, letters of Arabic joined. What no font has is written in Latin
/// letters, and that is told. Not thread-safe.
final class Script {
  private static final String FOLDER = "/fonts/ttf/Kurinto/";
  private static final int MOST_FONT_BYTES = 64 * 1024 * 1024;

  private final List<PDType0Font> fonts;
  private final Map<Integer, Optional<PDType0Font>> known = new HashMap<>();
  private boolean transliterated;

  private Script(List<PDType0Font> fonts) {
    this.fonts = List.copyOf(fonts);
  }

  /// The built-in font and others for what it lacks: it has no Chinese, Japanese and Korean
  /// characters, which would be four times as large as all others together.
  ///
  /// @param file of the built-in font
  /// @param others TrueType files
  static Script of(PDDocument document, String file, List<Path> others) throws IOException {
    var fonts = new ArrayList<PDType0Font>();
    try (var stream = Script.class.getResourceAsStream(FOLDER + file)) {
      if (stream == null) {
        throw new IllegalStateException("the font is missing from this build");
      }
      fonts.add(PDType0Font.load(document, stream, true));
    }
    for (var other : others) {
      try (var stream = Files.newInputStream(other)) {
        var bytes = stream.readNBytes(MOST_FONT_BYTES);
        fonts.add(PDType0Font.load(document, new ByteArrayInputStream(bytes), true));
      }
    }
    return new Script(fonts);
  }

  /// Characters that one font has.
  record Run(PDType0Font font, String text) {
    float width(float size) throws IOException {
      return font.getStringWidth(text) / 1000 * size;
    }
  }

  /// Whether something was written in Latin letters because no font has it.
  boolean hasTransliterated() {
    return transliterated;
  }

  /// A line in the order in which it is drawn.
  List<Run> runs(String line) {
    var runs = new ArrayList<Run>();
    for (var part : visual(writable(line)).codePoints().toArray()) {
      var font = font(part).orElseGet(fonts::getFirst);
      var text = Character.toString(part);
      if (!runs.isEmpty() && runs.getLast().font().equals(font)) {
        runs.set(runs.size() - 1, new Run(font, runs.getLast().text() + text));
      } else {
        runs.add(new Run(font, text));
      }
    }
    return runs;
  }

  float width(String line, float size) throws IOException {
    float width = 0;
    for (var run : runs(line)) {
      width += run.width(size);
    }
    return width;
  }

  private Optional<PDType0Font> font(int character) {
    return known.computeIfAbsent(
        character, one -> fonts.stream().filter(font -> has(font, one)).findFirst());
  }

  private static boolean has(PDType0Font font, int character) {
    try {
      // It answers with an exception where it has none.
      return font.encode(Character.toString(character)).length > 0;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  /// With words of which a character is in no font in Latin letters, and without control
  /// characters.
  private String writable(String line) {
    var text = new StringBuilder();
    for (var word : line.split("(?<= )|(?= )", -1)) {
      var clean =
          word.codePoints()
              .filter(
                  one -> !Character.isISOControl(one) && Character.getType(one) != Character.FORMAT)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      text.append(isWritable(clean) ? clean : latin(clean));
    }
    return text.toString();
  }

  private boolean isWritable(String word) {
    return word.codePoints().allMatch(one -> font(one).isPresent());
  }

  private String latin(String word) {
    transliterated = true;
    var latin = Transliterator.getInstance("Any-Latin").transliterate(word);
    var text = new StringBuilder();
    latin
        .codePoints()
        .forEach(one -> {
          if (font(one).isPresent()) {
            text.appendCodePoint(one);
          } else {
            text.append("U+%04X".formatted(one));
          }
        });
    return text.append('*').toString();
  }

  /// From left to right as it is seen.
  private static String visual(String logical) {
    if (!Bidi.requiresBidi(logical.toCharArray(), 0, logical.length())) {
      return logical;
    }
    try {
      var shaped =
          new ArabicShaping(ArabicShaping.LETTERS_SHAPE | ArabicShaping.TEXT_DIRECTION_LOGICAL)
              .shape(logical);
      return new Bidi(shaped, Bidi.DIRECTION_DEFAULT_LEFT_TO_RIGHT)
          .writeReordered(Bidi.DO_MIRRORING);
    } catch (ArabicShapingException e) {
      throw new IllegalStateException("the text could not be shaped", e);
    }
  }
}
