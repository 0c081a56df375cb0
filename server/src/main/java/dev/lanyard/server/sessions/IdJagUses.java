package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The ID-JAGs that were issued, one row each, to be counted: by person, resource and calendar
/// month in UTC. Thread-safe.
///
/// Where nothing limits them they are plain facts. Under a limit they are numbered, and the number
/// is a claim: whoever inserts the next one has seen all that were inserted before, so that no two
/// nodes can both issue the last one.
public final class IdJagUses {
  private static final String TABLE = "id_jag_use";
  private static final String[] OTHERS = {"resources", "client", "at"};
  private static final RowKind FACT =
      RowKind.of(TABLE, "person", "month", "number", "resources", "client", "at");
  private static final RowKind CLAIM =
      RowKind.claim(TABLE, List.of("person", "month", "number"), OTHERS);

  private final Database database;

  public IdJagUses(Database database) {
    this.database = database;
  }

  /// An ID-JAG.
  ///
  /// @param id its `jti`
  public record Use(
      String person, Instant at, String id, List<ResourceIndicator> resources, ClientId client) {
    public Use {
      resources = List.copyOf(resources);
    }

    private String month() {
      return monthOf(at).toString();
    }
  }

  /// The month that an instant counts for.
  public static YearMonth monthOf(Instant at) {
    return YearMonth.from(at.atOffset(ZoneOffset.UTC));
  }

  /// What a person has had in a month.
  ///
  /// @param byResource how many for each resource
  /// @param last the last number
  public record Had(Map<String, Integer> byResource, long last) {
    public Had {
      byResource = Map.copyOf(byResource);
    }

    /// How many for a resource.
    public int of(ResourceIndicator resource) {
      return byResource.getOrDefault(resource.value(), 0);
    }
  }

  /// To be written with what was issued.
  public Row fact(Use use) {
    return row(FACT, use, use.id());
  }

  /// To be written with what was issued, if nobody has had the number after these.
  public Row claim(Use use, Had had) {
    // A jti has no '#', so no fact takes a number.
    return row(CLAIM, use, "#%010d".formatted(had.last() + 1));
  }

  private static Row row(RowKind kind, Use use, String number) {
    return new Row(
        kind,
        use.person(),
        use.month(),
        number,
        Columns.resources(use.resources()),
        use.client().value(),
        use.at());
  }

  /// What a person has had in the month of an instant.
  public Had had(String person, Instant at) {
    var select =
        """
        SELECT resources, COUNT(*), MAX(CASE WHEN number LIKE '#%' THEN number END)
        FROM id_jag_use WHERE person = ? AND month = ? GROUP BY resources
        """;
    return database.read(connection -> {
      try (var statement = connection.prepareStatement(select)) {
        statement.setString(1, person);
        statement.setString(2, monthOf(at).toString());
        try (var rows = statement.executeQuery()) {
          var counts = new TreeMap<String, Integer>();
          long last = 0;
          while (rows.next()) {
            for (var resource : Columns.split(rows, "resources")) {
              counts.merge(resource, rows.getInt(2), Integer::sum);
            }
            var number = rows.getString(3);
            last = Math.max(last, number == null ? 0 : Long.parseLong(number.substring(1)));
          }
          return new Had(counts, last);
        }
      }
    });
  }

  /// How many a person has had for a resource.
  public record Count(String person, String resource, int issued) {}

  /// Everybody's counts in a month, the largest first.
  ///
  /// @param atLeast the smallest count that is of interest
  public List<Count> counts(YearMonth month, int atLeast) {
    var select =
        "SELECT person, resources, COUNT(*) FROM id_jag_use WHERE month = ?"
            + " GROUP BY person, resources";
    return database.read(connection -> {
      try (var statement = connection.prepareStatement(select)) {
        statement.setString(1, month.toString());
        try (var rows = statement.executeQuery()) {
          var counts = new TreeMap<String, Map<String, Integer>>();
          while (rows.next()) {
            var person = counts.computeIfAbsent(rows.getString(1), absent -> new TreeMap<>());
            for (var resource : Columns.split(rows, "resources")) {
              person.merge(resource, rows.getInt(3), Integer::sum);
            }
          }
          return sorted(counts, atLeast);
        }
      }
    });
  }

  private static List<Count> sorted(Map<String, Map<String, Integer>> counts, int atLeast) {
    var all = new ArrayList<Count>();
    counts.forEach((person, byResource) ->
        byResource.forEach((resource, issued) -> {
          if (issued >= atLeast) {
            all.add(new Count(person, resource, issued));
          }
        }));
    all.sort(Comparator.comparingInt(Count::issued).reversed());
    return List.copyOf(all);
  }

  /// Removes the months before one.
  ///
  /// @return how many rows went
  public int forget(YearMonth before) {
    return database.write(connection ->
        new Statements(connection)
            .update("DELETE FROM id_jag_use WHERE month < ?", before.toString()));
  }
}
