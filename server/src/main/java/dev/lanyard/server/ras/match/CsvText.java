package dev.lanyard.server.ras.match;

import dev.lanyard.protocol.json.MalformedException;
import java.util.ArrayList;
import java.util.List;

/// Comma-separated values, or such with semicolons, as spreadsheets write them. For one use.
///
/// @spec https://www.rfc-editor.org/rfc/rfc4180.html#section-2 RFC 4180 §2
final class CsvText {
  private final String text;
  private final char separator;
  private int at;
  private int line = 1;

  CsvText(String text) {
    this.text = text;
    var first = text.lines().findFirst().orElse("");
    this.separator = first.indexOf(',') < 0 && first.indexOf(';') >= 0 ? ';' : ',';
  }

  /// @param line where it begins, from 1
  record Row(int line, List<String> fields) {}

  /// Every row that is not empty.
  ///
  /// @throws MalformedException if a quote is not closed, or text follows one that is
  List<Row> rows() throws MalformedException {
    var rows = new ArrayList<Row>();
    while (at < text.length()) {
      int began = line;
      var fields = row();
      if (fields.size() > 1 || !fields.getFirst().isBlank()) {
        rows.add(new Row(began, fields));
      }
    }
    return rows;
  }

  private List<String> row() throws MalformedException {
    var fields = new ArrayList<String>();
    while (true) {
      fields.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
      if (at >= text.length()) {
        return fields;
      }
      char c = text.charAt(at++);
      if (c == separator) {
        continue;
      }
      if (c == '\r' && at < text.length() && text.charAt(at) == '\n') {
        at++;
      } else if (c != '\n' && c != '\r') {
        throw new MalformedException("line " + line + " has text after a closing quote");
      }
      line++;
      return fields;
    }
  }

  private String plain() {
    int from = at;
    while (at < text.length()
        && text.charAt(at) != separator
        && text.charAt(at) != '\n'
        && text.charAt(at) != '\r') {
      at++;
    }
    return text.substring(from, at);
  }

  private String quoted() throws MalformedException {
    int began = line;
    var field = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '"') {
        line += c == '\n' ? 1 : 0;
        field.append(c);
      } else if (at < text.length() && text.charAt(at) == '"') {
        field.append('"');
        at++;
      } else {
        return field.toString();
      }
    }
    throw new MalformedException("the quote that opens in line " + began + " is not closed");
  }
}
