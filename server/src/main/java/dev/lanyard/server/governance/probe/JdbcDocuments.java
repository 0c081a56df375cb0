package dev.lanyard.server.governance.probe;

import dev.lanyard.server.database.Database;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// Documents that are kept in the record, so that every node has the tags.
final class JdbcDocuments implements Documents {
  private final Database database;

  JdbcDocuments(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Kept> find(URI place) {
    return database.read(connection -> new EvidenceTables(connection).document(place.toString()));
  }

  @Override
  public void keep(URI place, Kept document, Instant at) {
    var _ =
        database.write(connection -> {
          new EvidenceTables(connection).keep(place.toString(), document, at);
          return true;
        });
  }
}
