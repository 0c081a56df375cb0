package dev.lanyard.server.ras.match;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads an export of people: CSV with a line of names first (RFC 4180), or JSON with one object a
/// line. Columns that mean nothing here are ignored.
public final class PeopleExport {
  private static final String NAME_ID = "nameid";
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("sub", "sub"),
          Map.entry("subject", "sub"),
          Map.entry("id", "sub"),
          Map.entry("user id", "sub"),
          Map.entry("object id", "sub"),
          Map.entry("email", "email"),
          Map.entry("e-mail", "email"),
          Map.entry("mail", "email"),
          Map.entry("tenant", "tenant"),
          Map.entry("aud_sub", "aud_sub"),
          Map.entry("nameid", NAME_ID),
          Map.entry("name id", NAME_ID),
          Map.entry("nameid_issuer", "issuer"),
          Map.entry("nameid_format", "nameid_format"),
          Map.entry("name_qualifier", "name_qualifier"),
          Map.entry("sp_name_qualifier", "sp_name_qualifier"));

  /// What a NameID is besides its value, by the names in `sub_id`.
  private static final List<String> OF_NAME_ID =
      List.of("issuer", "nameid_format", "name_qualifier", "sp_name_qualifier");

  private PeopleExport() {}

  /// Reads a whole export.
  ///
  /// @throws MalformedException with the line and what is wrong
  public static List<ExportedPerson> read(String text) throws MalformedException {
    var content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return content.stripLeading().startsWith("{") ? json(content) : csv(content);
  }

  private static List<ExportedPerson> json(String text) throws MalformedException {
    var people = new ArrayList<ExportedPerson>();
    int number = 0;
    for (var line : text.split("\n", -1)) {
      number++;
      if (!line.isBlank()) {
        people.add(person(number, named(JsonObject.parse(line))));
      }
    }
    return people;
  }

  private static Map<String, String> named(JsonObject json) throws MalformedException {
    var values = new HashMap<String, String>();
    for (var name : json.names()) {
      var known = NAMES.get(name.toLowerCase(Locale.ROOT));
      if (known != null) {
        values.putIfAbsent(known, json.string(name).orElse(""));
      }
    }
    return values;
  }

  private static List<ExportedPerson> csv(String text) throws MalformedException {
    var rows = new CsvText(text).rows();
    if (rows.isEmpty()) {
      throw new MalformedException("the file is empty");
    }
    var header =
        rows.getFirst().fields().stream()
            .map(name -> NAMES.getOrDefault(name.strip().toLowerCase(Locale.ROOT), ""))
            .toList();
    if (!header.contains("sub")) {
      throw new MalformedException(
          "line 1 names no column 'sub' (or 'id'): the identifier that the provider writes into an"
              + " ID-JAG; found "
              + rows.getFirst().fields());
    }
    var people = new ArrayList<ExportedPerson>();
    for (var row : rows.subList(1, rows.size())) {
      var values = new HashMap<String, String>();
      for (int i = 0; i < Math.min(header.size(), row.fields().size()); i++) {
        values.putIfAbsent(header.get(i), row.fields().get(i).strip());
      }
      people.add(person(row.line(), values));
    }
    return people;
  }

  private static ExportedPerson person(int line, Map<String, String> values)
      throws MalformedException {
    var subject =
        value(values, "sub")
            .orElseThrow(() -> new MalformedException("line " + line + " has no 'sub'"));
    return new ExportedPerson(
        line,
        subject,
        value(values, "tenant"),
        value(values, "aud_sub"),
        value(values, NAME_ID).map(name -> new ExportedNameId(name, ofNameId(values))),
        value(values, "email"));
  }

  private static Map<String, String> ofNameId(Map<String, String> values) {
    var said = new HashMap<>(values);
    said.keySet().retainAll(OF_NAME_ID);
    return said;
  }

  private static Optional<String> value(Map<String, String> values, String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }
}
