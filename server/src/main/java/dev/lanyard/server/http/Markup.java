package dev.lanyard.server.http;

/// Text in HTML, XML and SVG.
public final class Markup {
  private Markup() {}

  /// The text as the content of an element, or as the value of an attribute in either kind of
  /// quotes: none of it is markup (SEC-16).
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
