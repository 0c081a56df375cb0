package dev.lanyard.server.directory;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Follower;
import dev.lanyard.server.database.Reading;
import dev.lanyard.server.database.Statements;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What the record says of the broker of this installation, for processes that do not play it.
///
/// @param sectors in which people have pairwise names
/// @param tenants by which the broker calls itself in front of resource authorization servers
public record BrokerRecord(
    Issuer issuer, String organisation, Set<String> sectors, Set<String> tenants) {
  private static final String CHANGE = "own-broker";

  public BrokerRecord {
    sectors = Set.copyOf(sectors);
    tenants = Set.copyOf(tenants);
  }

  /// As the broker that began last has said, from memory, which follows the record; empty as long
  /// as none ever has.
  public static Supplier<Optional<BrokerRecord>> followed(Database database) {
    var known = new Known();
    database.changes().follow(CHANGE, Follower.anew(known::takeOver));
    known.takeOver(database);
    return () -> known.broker;
  }

  private static final class Known {
    private volatile Optional<BrokerRecord> broker = Optional.empty();

    /// One at a time, so that an older state never replaces a newer one.
    synchronized void takeOver(Reading record) {
      broker = find(record);
    }
  }

  /// As the broker that began last has said; empty if none ever has.
  public static Optional<BrokerRecord> find(Reading record) {
    return record.read(connection ->
        new Statements(connection)
            .first(
                "SELECT issuer, organisation, sectors, tenants FROM own_broker",
                rows ->
                    new BrokerRecord(
                        new Issuer(rows.getString(1)),
                        rows.getString(2),
                        lines(rows.getString(3)),
                        lines(rows.getString(4)))));
  }

  /// Says so. To be called before the broker is served: whoever redeems its first ID-JAG must know.
  public void keep(Database database) {
    if (find(database).equals(Optional.of(this))) {
      return;
    }
    var put =
        """
        INSERT INTO own_broker (one, issuer, organisation, sectors, tenants) VALUES (1, ?, ?, ?, ?)
        ON CONFLICT (one) DO UPDATE SET issuer = excluded.issuer,
          organisation = excluded.organisation, sectors = excluded.sectors,
          tenants = excluded.tenants
        """;
    var _ =
        database.write(connection -> {
          int kept =
              new Statements(connection)
                  .update(put, issuer.value(), organisation, text(sectors), text(tenants));
          var _ = database.changes().append(connection, CHANGE, JsonObject.EMPTY);
          return kept;
        });
  }

  private static String text(Collection<String> lines) {
    return String.join("\n", new TreeSet<>(lines));
  }

  private static Set<String> lines(String text) {
    return text.lines().collect(Collectors.toUnmodifiableSet());
  }
}
