package dev.lanyard.server.governance.coverage;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/// The coverage map as a PNG image, twice as fine as the canvas. The letters are drawn as outlines
/// of a font that comes along: a server has no fonts, and Java without fonts cannot write.
public final class CoveragePng implements Canvas, AutoCloseable {
  private static final int FINENESS = 2;

  private final BufferedImage image =
      new BufferedImage(WIDTH * FINENESS, HEIGHT * FINENESS, BufferedImage.TYPE_INT_RGB);
  private final Graphics2D graphics = image.createGraphics();
  private final Font regular = Font.read("KurintoSans-Rg.ttf");
  private final Font bold = Font.read("KurintoSans-Bd.ttf");

  private CoveragePng() {
    graphics.scale(FINENESS, FINENESS);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
  }

  /// A font with how its letters are found.
  private record Font(TrueTypeFont outlines, CmapLookup letters) {
    static Font read(String name) {
      try (var stream = CoveragePng.class.getResourceAsStream("/fonts/ttf/Kurinto/" + name)) {
        if (stream == null) {
          throw new IllegalStateException("the font is missing from this build");
        }
        var font = new TTFParser().parse(new RandomAccessReadBuffer(stream));
        return new Font(font, font.getUnicodeCmapLookup());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    double scale(int size) throws IOException {
      return (double) size / outlines.getUnitsPerEm();
    }

    double width(String text, int size) throws IOException {
      double width = 0;
      for (int letter : text.codePoints().toArray()) {
        width += outlines.getAdvanceWidth(letters.getGlyphId(letter)) * scale(size);
      }
      return width;
    }
  }

  /// The whole image.
  public static byte[] of(Coverage coverage) {
    var out = new ByteArrayOutputStream();
    try (var canvas = new CoveragePng()) {
      new Picture(coverage, canvas).draw();
      ImageIO.write(canvas.image, "png", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void rectangle(Box box, String colour, String title) {
    graphics.setColor(Color.decode(colour));
    graphics.fill(new Rectangle2D.Double(box.x(), box.y(), box.width(), box.height()));
  }

  @Override
  public void text(Words words, String colour) {
    graphics.setColor(Color.decode(colour));
    var font = words.bold() ? bold : regular;
    try {
      double scale = font.scale(words.size());
      double x = words.x() - (words.atEnd() ? font.width(words.text(), words.size()) : 0);
      for (int letter : words.text().codePoints().toArray()) {
        int glyph = font.letters().getGlyphId(letter);
        var outline = font.outlines().getGlyph().getGlyph(glyph);
        // A space has none.
        if (outline != null) {
          var place = new AffineTransform(scale, 0, 0, -scale, x, words.y());
          graphics.fill(place.createTransformedShape(outline.getPath()));
        }
        x += font.outlines().getAdvanceWidth(glyph) * scale;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    graphics.dispose();
    regular.outlines().close();
    bold.outlines().close();
  }
}
