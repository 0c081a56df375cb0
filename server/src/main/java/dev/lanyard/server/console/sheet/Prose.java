package dev.lanyard.server.console.sheet;

import java.util.ArrayList;
import java.util.List;

/// A piece of a sentence. What stands between backticks is to be typed as it is, and is shown so.
///
/// @param code whether it is to be typed
public record Prose(String text, boolean code) {

  /// The pieces of a text, in order. A backtick without a second one is a backtick.
  public static List<Prose> of(String text) {
    var pieces = new ArrayList<Prose>();
    int from = 0;
    for (int open = text.indexOf('`'); open >= 0; open = text.indexOf('`', from)) {
      int close = text.indexOf('`', open + 1);
      if (close < 0) {
        break;
      }
      pieces.add(new Prose(text.substring(from, open), false));
      pieces.add(new Prose(text.substring(open + 1, close), true));
      from = close + 1;
    }
    pieces.add(new Prose(text.substring(from), false));
    return pieces.stream().filter(one -> !one.text().isEmpty()).toList();
  }
}
