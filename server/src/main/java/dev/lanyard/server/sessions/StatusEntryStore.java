package dev.lanyard.server.sessions;

import dev.lanyard.server.database.Row;
import java.time.Instant;
import java.util.List;

/// Which place of which status list each access token of one server has.
public interface StatusEntryStore {
  /// The fact that a token has a place.
  Row assigned(StatusEntry entry);

  /// The tokens of a list that have not expired; none if there is no such list.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  List<StatusEntry> of(String list, Instant now);
}
