package dev.lanyard.server.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Text that comes from outside, as part of an address.
final class Addresses {
  private Addresses() {}

  /// One segment of a path.
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// The value of a parameter.
  static String value(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
