package dev.lanyard.server.governance.probe;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Reading;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The dated evidence of probes, for reading.
public final class EvidenceLog {
  private final Reading database;

  public EvidenceLog(Database database) {
    this.database = database;
  }

  /// What was known of one address.
  ///
  /// @param last what the last look had found
  /// @param definite what the last look had found that could tell, since the first look of those
  ///   that could and came to the same, without another between them; empty if none ever could
  public record Known(Evidence last, Optional<Evidence> definite) {}

  /// What was known at an instant, by address. What was confirmed later counts as confirmed then.
  public Map<ResourceIndicator, Known> at(Instant instant) {
    var known = new LinkedHashMap<ResourceIndicator, Known>();
    for (var later : database.read(connection -> new EvidenceTables(connection).until(instant))) {
      var one = asOf(later, instant);
      var before = Optional.ofNullable(known.get(one.address())).flatMap(Known::definite);
      known.put(
          one.address(),
          new Known(
              one,
              one.finding().bucket().isPresent() ? Optional.of(goingOn(before, one)) : before));
    }
    return known;
  }

  /// Everything that was found of one address up to an instant, the oldest first.
  public List<Evidence> of(ResourceIndicator address, Instant instant) {
    return database.read(connection -> new EvidenceTables(connection).of(address, instant)).stream()
        .map(one -> asOf(one, instant))
        .toList();
  }

  /// A night without an answer, or another text of a challenge, is nothing new about the connector:
  /// who has written into the catalogue in the meantime is not overruled by it (decision 62).
  private static Evidence goingOn(Optional<Evidence> before, Evidence one) {
    return before
        .filter(earlier -> earlier.finding().bucket().equals(one.finding().bucket()))
        .map(earlier ->
            new Evidence(
                one.address(),
                earlier.since(),
                one.confirmed(),
                earlier.looks() + one.looks(),
                one.finding()))
        .orElse(one);
  }

  private static Evidence asOf(Evidence one, Instant instant) {
    return one.confirmed().isAfter(instant)
        ? new Evidence(one.address(), one.since(), instant, one.looks(), one.finding())
        : one;
  }
}
