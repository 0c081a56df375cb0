package dev.lanyard.server.saml;

/// Writes the few messages that we send.
final class XmlWriter {
  private final StringBuilder out = new StringBuilder();

  /// Begins an element.
  ///
  /// @param attributes names and values in turn
  XmlWriter open(String name, String... attributes) {
    begin(name, attributes);
    out.append('>');
    return this;
  }

  /// An element without content.
  XmlWriter empty(String name, String... attributes) {
    begin(name, attributes);
    out.append("/>");
    return this;
  }

  /// An element with text.
  XmlWriter text(String name, String text, String... attributes) {
    open(name, attributes);
    out.append(escaped(text));
    return close(name);
  }

  XmlWriter close(String name) {
    out.append("</").append(name).append('>');
    return this;
  }

  private void begin(String name, String... attributes) {
    out.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ')
          .append(attributes[i])
          .append("=\"")
          .append(escaped(attributes[i + 1]))
          .append('"');
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
