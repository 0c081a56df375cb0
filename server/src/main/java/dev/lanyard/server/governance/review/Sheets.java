package dev.lanyard.server.governance.review;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;

/// Lines on pages: wrapped at words, with a new page where one is full. Not thread-safe.
final class Sheets implements AutoCloseable {
  private static final float MARGIN = 56;
  private static final float INDENT = 14;
  private static final float LEADING = 1.45f;
  private static final float FOOTER = 7.5f;

  private final PDDocument document;
  private final Script regular;
  private final Script bold;
  private final List<PDPage> pages = new ArrayList<>();
  private PDPageContentStream content;
  private float y;

  Sheets(PDDocument document, List<Path> fonts) throws IOException {
    this.document = document;
    this.regular = Script.of(document, "KurintoSans-Rg.ttf", fonts);
    this.bold = Script.of(document, "KurintoSans-Bd.ttf", fonts);
    this.content = newPage();
  }

  private PDPageContentStream newPage() throws IOException {
    var page = new PDPage(PDRectangle.A4);
    document.addPage(page);
    pages.add(page);
    y = PDRectangle.A4.getHeight() - MARGIN;
    return new PDPageContentStream(document, page);
  }

  boolean hasTransliterated() {
    return regular.hasTransliterated() || bold.hasTransliterated();
  }

  void heading(String text, float size) throws IOException {
    // Not alone at the end of a page.
    room(size * LEADING * 3);
    y -= size * 0.6f;
    write(bold, text, size, 0);
  }

  void strong(String text, float size) throws IOException {
    write(bold, text, size, INDENT);
  }

  void text(String text, float size) throws IOException {
    write(regular, text, size, INDENT);
  }

  void space(float height) {
    y -= height;
  }

  void line() throws IOException {
    room(8);
    y -= 4;
    content.setLineWidth(0.5f);
    content.moveTo(MARGIN, y);
    content.lineTo(PDRectangle.A4.getWidth() - MARGIN, y);
    content.stroke();
    y -= 4;
  }

  private void room(float height) throws IOException {
    if (y - height < MARGIN) {
      content.close();
      content = newPage();
    }
  }

  private void write(Script script, String text, float size, float indent) throws IOException {
    float width = PDRectangle.A4.getWidth() - 2 * MARGIN - indent;
    for (var line : wrapped(script, text, size, width)) {
      room(size * LEADING);
      y -= size * LEADING;
      draw(content, script, line, size, MARGIN + indent, y);
    }
  }

  private static void draw(
      PDPageContentStream content, Script script, String line, float size, float x, float y)
      throws IOException {
    content.beginText();
    content.newLineAtOffset(x, y);
    for (var run : script.runs(line)) {
      content.setFont(run.font(), size);
      content.showText(run.text());
    }
    content.endText();
  }

  private static List<String> wrapped(Script script, String text, float size, float width)
      throws IOException {
    var lines = new ArrayList<String>();
    for (var paragraph : text.split("\\R", -1)) {
      var line = new StringBuilder();
      for (var word : paragraph.split(" ", -1)) {
        var longer = line.isEmpty() ? word : line + " " + word;
        if (script.width(longer, size) <= width) {
          line.setLength(0);
          line.append(longer);
        } else {
          if (!line.isEmpty()) {
            lines.add(line.toString());
            line.setLength(0);
          }
          line.append(fitting(script, word, size, width, lines));
        }
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /// A word that is longer than a line is cut.
  private static String fitting(
      Script script, String word, float size, float width, List<String> lines) throws IOException {
    var rest = word;
    while (script.width(rest, size) > width) {
      int end = rest.offsetByCodePoints(0, 1);
      while (end < rest.length()
          && script.width(rest.substring(0, rest.offsetByCodePoints(end, 1)), size) <= width) {
        end = rest.offsetByCodePoints(end, 1);
      }
      lines.add(rest.substring(0, end));
      rest = rest.substring(end);
    }
    return rest;
  }

  /// Numbers the pages, when all of them are there.
  void foot(String text) throws IOException {
    content.close();
    for (int i = 0; i < pages.size(); i++) {
      try (var footer =
          new PDPageContentStream(
              document, pages.get(i), PDPageContentStream.AppendMode.APPEND, true, true)) {
        draw(
            footer,
            regular,
            "%s   %d of %d".formatted(text, i + 1, pages.size()),
            FOOTER,
            MARGIN,
            MARGIN / 2);
      }
    }
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
