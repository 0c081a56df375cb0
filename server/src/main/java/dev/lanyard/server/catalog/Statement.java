package dev.lanyard.server.catalog;

import dev.lanyard.protocol.json.JsonObject;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What somebody saw of a connector or identity provider.
///
/// @param on when
/// @param bucket how far it was; empty if that day changed nothing about it
/// @param what the status, for people
/// @param evidence where it is from
/// @param facts what programs count with
/// @param origin where it is written
public record Statement(
    LocalDate on,
    Optional<Bucket> bucket,
    String what,
    String evidence,
    Map<Fact, String> facts,
    Origin origin) {
  public Statement {
    facts = Map.copyOf(facts);
  }

  /// A place in a file.
  ///
  /// @param line from 1
  public record Origin(Path file, int line) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /// For people: `2026-11-23: EMA (public documents of November 2026)`.
  @Override
  public String toString() {
    return on + ": " + what + " (" + evidence + ")";
  }

  JsonObject toJson() {
    var said = JsonObject.builder();
    new TreeMap<>(facts).forEach((fact, value) -> said.put(fact.value(), value));
    var json =
        JsonObject.builder()
            .put("on", on.toString())
            .putIfPresent("bucket", bucket.map(Bucket::value))
            .put("what", what)
            .put("evidence", evidence)
            .put("written_at", origin.toString());
    return facts.isEmpty() ? json.build() : json.put("facts", said.build()).build();
  }
}
