package dev.lanyard.server.ras.administration;

import static dev.lanyard.server.http.Markup.escaped;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.sessions.FormToken;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Writes the forms of a page, each with the token that shows that the page was ours. Not
/// thread-safe.
final class Forms {
  private final StringBuilder body;
  private final URI page;
  private final String formToken;
  private Optional<Form> typed = Optional.empty();
  private int fields;

  Forms(StringBuilder body, URI page, String formToken) {
    this.body = body;
    this.page = page;
    this.formToken = formToken;
  }

  /// What was typed into the forms that follow, and did not come to anything.
  void typed(Optional<Form> before) {
    this.typed = before;
  }

  void open(String action) {
    open(action, "");
  }

  private void open(String action, String attributes) {
    body.append("<form method=\"post\" action=\"")
        .append(escaped(page + "/" + action))
        .append('"')
        .append(attributes)
        .append('>');
    hidden(FormToken.FIELD, formToken);
  }

  /// One with a file in it.
  void openForFile(String action) {
    open(action, " enctype=\"multipart/form-data\"");
  }

  void file(String name, String label) {
    var id = label(name, label);
    body.append("<input id=\"")
        .append(id)
        .append("\" type=\"file\" required name=\"")
        .append(name)
        .append("\">");
  }

  void choice(String name, String label, List<String> values, String chosen) {
    var id = label(name, label);
    body.append("<select id=\"").append(id).append("\" name=\"").append(name).append("\">");
    for (var value : values) {
      body.append("<option value=\"")
          .append(escaped(value))
          .append(value.equals(chosen) ? "\" selected>" : "\">")
          .append(escaped(value))
          .append("</option>");
    }
    body.append("</select>");
  }

  void hidden(String name, String value) {
    body.append("<input type=\"hidden\" name=\"")
        .append(name)
        .append("\" value=\"")
        .append(escaped(value))
        .append("\">");
  }

  void text(String name, String label, String placeholder, String value) {
    var id = label(name, label);
    body.append("<input id=\"")
        .append(id)
        .append("\" name=\"")
        .append(name)
        .append("\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"")
        .append(escaped(placeholder))
        .append("\" value=\"")
        .append(escaped(typed.flatMap(form -> form.one(name)).orElse(value)))
        .append("\">");
  }

  void area(String name, String label) {
    var id = label(name, label);
    body.append("<textarea id=\"")
        .append(id)
        .append("\" name=\"")
        .append(name)
        .append("\" rows=\"4\" autocomplete=\"off\" spellcheck=\"false\"></textarea>");
  }

  private String label(String name, String label) {
    var id = name + "-" + fields++;
    body.append("<label for=\"").append(id).append("\">").append(escaped(label)).append("</label>");
    return id;
  }

  void box(String name, String label, boolean checked) {
    body.append("<label class=\"box\"><input type=\"checkbox\" name=\"")
        .append(name)
        .append(typed.map(form -> form.has(name)).orElse(checked) ? "\" checked> " : "\"> ")
        .append(escaped(label))
        .append("</label>");
  }

  void close(String button) {
    close(button, "first");
  }

  /// @param kind `second` for what is not the next thing to do
  void close(String button, String kind) {
    body.append("<button type=\"submit\" class=\"")
        .append(kind)
        .append("\">")
        .append(escaped(button))
        .append("</button></form>");
  }
}
