package dev.lanyard.server.governance.coverage;

import dev.lanyard.server.catalog.Bucket;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The coverage map as a table of its connectors, for spreadsheets.
///
/// @spec https://www.rfc-editor.org/rfc/rfc4180.html RFC 4180
public final class CoverageCsv {
  private static final String END = "\r\n";
  private static final String HEAD =
      "at,category,connector,name,bucket,by,on,reason,way,seats,exchanges_30_days,calls_30_days,"
          + "seats_on_condition";

  private CoverageCsv() {}

  /// The whole table with its header.
  public static String of(Coverage coverage) {
    return coverage.connectors().stream()
        .map(one -> row(coverage, one))
        .collect(Collectors.joining(END, HEAD + END, END));
  }

  private static String row(Coverage coverage, Coverage.Line line) {
    var rating = line.rating();
    return List.of(
            coverage.at().toString(),
            line.category(),
            line.connector(),
            line.name(),
            rating.bucket().map(Bucket::value).orElse("unknown"),
            rating.by().name().toLowerCase(Locale.ROOT),
            rating.on().map(LocalDate::toString).orElse(""),
            rating.reason(),
            line.way().value(),
            String.valueOf(line.seats()),
            String.valueOf(line.use().exchanges()),
            String.valueOf(line.use().calls()),
            String.valueOf(line.conditional()))
        .stream()
        .map(CoverageCsv::cell)
        .collect(Collectors.joining(","));
  }

  /// A text that a spreadsheet would take for a formula is made one that it does not: part of the
  /// reasons is what strange servers say.
  private static String cell(String text) {
    var plain = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return plain.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
        ? '"' + plain.replace("\"", "\"\"") + '"'
        : plain;
  }
}
