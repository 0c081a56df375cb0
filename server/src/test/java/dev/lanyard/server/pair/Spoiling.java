package dev.lanyard.server.pair;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/// Spoils good text in small ways, always the same ones for a seed.
public final class Spoiling {
  /// Pieces that readers of files have stumbled over.
  private static final List<String> PIECES =
      List.of(
          ":",
          ": ",
          "- ",
          "\n",
          "  ",
          "\t",
          "{",
          "}",
          "[",
          "]",
          "'",
          "\"",
          "#",
          "&a ",
          "*a",
          "!!",
          "!!int ",
          "<<: ",
          "|",
          ">",
          "?",
          "~",
          "null",
          "true",
          "0x1",
          "1e9",
          "%",
          "@",
          "`",
          "--",
          "---",
          "...",
          "\0",
          "é",
          "😀",
          "\u2028",
          "https://",
          "-----",
          "=",
          "AAAA",
          "\r");

  private Spoiling() {}

  /// The text with one to three changes.
  public static byte[] spoilt(String text, int seed) {
    var random = new SplittableRandom(seed);
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int change = random.nextInt(1, 4); change > 0; change--) {
      bytes = changed(bytes, random);
    }
    return bytes;
  }

  private static byte[] changed(byte[] bytes, SplittableRandom random) {
    int from = random.nextInt(bytes.length + 1);
    int length = random.nextInt(8) == 0 ? random.nextInt(200) : random.nextInt(8);
    int to = Math.min(bytes.length, from + length);
    var out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    switch (random.nextInt(4)) {
      case 0 -> {
        out.writeBytes(piece(random));
        to = from;
      }
      case 1 -> out.writeBytes(piece(random));
      case 2 -> out.write(random.nextInt(256));
      default -> {
        // Only taken away.
      }
    }
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }

  private static byte[] piece(SplittableRandom random) {
    return PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
  }
}
