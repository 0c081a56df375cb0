package dev.lanyard.server.governance.forecast;

/// A connector that counts in the coverage.
///
/// @param id as the role library or the catalogue has it
/// @param seats how many people have it by policy, conditions aside
/// @param conditional how many of them have it only if some condition is met
/// @param reality how it is now
public record Candidate(String id, long seats, long conditional, Reality reality) {
  /// Nothing of it hangs on a condition.
  public Candidate(String id, long seats, Reality reality) {
    this(id, seats, 0, reality);
  }
}
