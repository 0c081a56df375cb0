package dev.lanyard.server.database;

import java.util.List;
import java.util.Optional;

/// What one request wants to be true before it is answered: all of it or nothing.
///
/// @param claim a row that only one unit in the world can insert; without one the unit is always
///   first
/// @param ifFirst the rows to write when the claim was won
/// @param ifTaken the rows to write when somebody else had it already
public record Unit(Optional<Row> claim, List<Row> ifFirst, List<Row> ifTaken) {

  public Unit {
    ifFirst = List.copyOf(ifFirst);
    ifTaken = List.copyOf(ifTaken);
    if (claim.isPresent() && claim.get().key().isEmpty()) {
      throw new IllegalArgumentException("a claim needs a key: " + claim.get());
    }
  }

  /// A unit that claims nothing.
  public static Unit of(List<Row> rows) {
    return new Unit(Optional.empty(), rows, List.of());
  }

  List<Row> rows(Outcome outcome) {
    return outcome == Outcome.FIRST ? ifFirst : ifTaken;
  }
}
