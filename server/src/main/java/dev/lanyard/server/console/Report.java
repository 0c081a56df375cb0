package dev.lanyard.server.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A page that shows what is known, in parts: most pages are this and need no form of their own.
///
/// @param lead one sentence about what the page is for
/// @param search by what its reader can choose; empty if by nothing
record Report(String lead, Optional<Search> search, List<Part> parts) {
  Report {
    parts = List.copyOf(parts);
  }

  static Report of(String lead, List<Part> parts) {
    return new Report(lead, Optional.empty(), parts);
  }

  /// A form that asks for another view of the same page.
  ///
  /// @param action the page
  record Search(String action, List<Field> fields, String button) {}

  record Field(String name, String label, String value, String hint) {}

  /// A part with a heading.
  ///
  /// @param id by which it is kept fresh without loading the page; empty if it is not
  /// @param note text before the table; empty if there is none
  record Part(String id, String heading, String note, Table table, List<Message.Way> ways) {
    static Part of(String heading, String note, Table table) {
      return new Part("", heading, note, table, List.of());
    }

    Part live(String id) {
      return new Part(id, heading, note, table, ways);
    }

    Part with(Message.Way... more) {
      return new Part(id, heading, note, table, List.of(more));
    }
  }

  /// @param columns the headings; a table without any shows facts, name and value
  /// @param empty what is said in the place of a table without rows
  record Table(List<String> columns, List<List<Cell>> rows, String empty) {
    Table {
      rows = List.copyOf(rows);
    }
  }

  /// One cell. What kind it is decides how its text is shown; the text is never markup.
  record Cell(Kind kind, String text, String more) {
    enum Kind {
      TEXT,
      LINK,
      TAG,
      TIME,
      CODE
    }

    static Cell text(String text) {
      return new Cell(Kind.TEXT, text, "");
    }

    static Cell of(Object value) {
      return text(value.toString());
    }

    static Cell link(String address, String text) {
      return new Cell(Kind.LINK, text, address);
    }

    /// @param tone `good`, `warn`, `bad`, or nothing
    static Cell tag(String text, String tone) {
      return new Cell(Kind.TAG, text, tone);
    }

    static Cell time(Instant at) {
      return new Cell(Kind.TIME, at.toString(), "");
    }

    static Cell code(String text) {
      return new Cell(Kind.CODE, text, "");
    }
  }
}
