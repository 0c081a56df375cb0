package dev.lanyard.server.app.command;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/// What commands print, on its way to a terminal. Names and evidence come from strangers: a control
/// character in them would steer the terminal, and an override of direction would show them in
/// another order. Both are written as JSON escapes them, so that JSON stays what it was.
public final class ShownWriter extends FilterWriter {
  public ShownWriter(Writer out) {
    super(out);
  }

  @Override
  public void write(int one) throws IOException {
    if (isPlain(one)) {
      out.write(one);
    } else {
      out.write("\\u%04x".formatted(one));
    }
  }

  @Override
  public void write(char[] some, int from, int count) throws IOException {
    int plain = from;
    for (int i = from; i < from + count; i++) {
      if (!isPlain(some[i])) {
        out.write(some, plain, i - plain);
        write(some[i]);
        plain = i + 1;
      }
    }
    out.write(some, plain, from + count - plain);
  }

  @Override
  public void write(String text, int from, int count) throws IOException {
    write(text.toCharArray(), from, count);
  }

  private static boolean isPlain(int one) {
    return switch (one) {
      case '\n', '\r', '\t' -> true;
      case 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069 -> false;
      default -> !Character.isISOControl(one);
    };
  }
}
