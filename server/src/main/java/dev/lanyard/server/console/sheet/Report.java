package dev.lanyard.server.console.sheet;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A page that shows facts in parts. Most pages are reports and need no template of their own.
///
/// @param lead one sentence about what the page is for
/// @param search the form by which its reader chooses what to see; empty if there is none
public record Report(String lead, Optional<Search> search, List<Part> parts) {
  public Report {
    parts = List.copyOf(parts);
  }

  public static Report of(String lead, List<Part> parts) {
    return new Report(lead, Optional.empty(), parts);
  }

  /// A form that asks for another view of the same page.
  ///
  /// @param action the page
  public record Search(String action, List<Field> fields, String button) {}

  /// @param hint what a value looks like
  public record Field(String name, String label, String value, String hint) {}

  /// A part with a heading.
  ///
  /// @param id the id by which the script keeps it fresh; empty if it does not
  /// @param note text before the table; empty if there is none
  /// @param chart a picture of what the table says
  public record Part(
      String id,
      String heading,
      String note,
      Optional<Chart> chart,
      Table table,
      List<Message.Way> ways) {
    public Part {
      ways = List.copyOf(ways);
    }

    public static Part of(String heading, String note, Table table) {
      return new Part("", heading, note, Optional.empty(), table, List.of());
    }

    /// The same, kept fresh by the script.
    public Part live(String id) {
      return new Part(id, heading, note, chart, table, ways);
    }

    /// The same with more links below it.
    public Part with(Message.Way... more) {
      return with(List.of(more));
    }

    public Part with(List<Message.Way> more) {
      return new Part(
          id, heading, note, chart, table, Stream.concat(ways.stream(), more.stream()).toList());
    }

    /// The same with a picture.
    public Part drawn(Chart picture) {
      return new Part(id, heading, note, Optional.of(picture), table, ways);
    }
  }

  /// @param columns the headings; a table without any shows facts, name and value
  /// @param empty what is said in the place of a table without rows
  public record Table(List<String> columns, List<List<Cell>> rows, String empty) {
    public Table {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }

    /// Facts, name and value.
    public static Table facts(List<List<Cell>> rows) {
      return new Table(List.of(), rows, "");
    }
  }

  /// One cell. Its kind decides how its text is shown; the text is never markup.
  public record Cell(Kind kind, String text, String more) {
    /// How a text is shown.
    public enum Kind {
      TEXT,
      LINK,
      OUTSIDE,
      TAG,
      TIME,
      CODE
    }

    public static Cell text(String text) {
      return new Cell(Kind.TEXT, text, "");
    }

    public static Cell of(Object value) {
      return text(value.toString());
    }

    public static Cell link(String address, String text) {
      return new Cell(Kind.LINK, text, address);
    }

    /// What somebody gives as their source: a link if it is an address of the web, and text
    /// otherwise, whatever it pretends to be.
    public static Cell source(String text) {
      return text.matches("https?://[^\\s\\p{Cntrl}]+")
          ? new Cell(Kind.OUTSIDE, text, text)
          : text(text);
    }

    /// @param tone `good`, `warn`, `bad`, or nothing
    public static Cell tag(String text, String tone) {
      return new Cell(Kind.TAG, text, tone);
    }

    public static Cell time(Instant at) {
      return new Cell(Kind.TIME, at.toString(), "");
    }

    public static Cell code(String text) {
      return new Cell(Kind.CODE, text, "");
    }
  }
}
