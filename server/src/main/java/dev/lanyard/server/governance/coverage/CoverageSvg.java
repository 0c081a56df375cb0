package dev.lanyard.server.governance.coverage;

import dev.lanyard.server.http.Markup;
import java.util.Locale;

/// The coverage map as an SVG document, which needs nothing from elsewhere.
public final class CoverageSvg implements Canvas {
  private final StringBuilder out = new StringBuilder();

  private CoverageSvg() {}

  /// The whole document.
  public static String of(Coverage coverage) {
    var canvas = new CoverageSvg();
    canvas.out.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" \
        font-family="'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif">
        <title>Coverage map of %3$s</title>
        """
            .formatted(WIDTH, HEIGHT, Picture.day(coverage)));
    new Picture(coverage, canvas).draw();
    return canvas.out.append("</svg>\n").toString();
  }

  @Override
  public void rectangle(Box box, String colour, String title) {
    out.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s"
                + "</title></rect>\n",
            box.x(),
            box.y(),
            box.width(),
            box.height(),
            colour,
            escaped(title)));
  }

  @Override
  public void text(Words words, String colour) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" fill=\"%s\"%s%s>%s</text>\n",
            words.x(),
            words.y(),
            words.size(),
            colour,
            words.bold() ? " font-weight=\"bold\"" : "",
            words.atEnd() ? " text-anchor=\"end\"" : "",
            escaped(words.text())));
  }

  /// Names are an administrator's, and reasons a stranger's: neither is markup.
  private static String escaped(String text) {
    var allowed = new StringBuilder(text.length());
    // XML has no way to write these, not even escaped.
    text.codePoints()
        .filter(c -> c >= 0x20 && c != 0xfffe && c != 0xffff)
        .forEach(allowed::appendCodePoint);
    return Markup.escaped(allowed.toString());
  }
}
