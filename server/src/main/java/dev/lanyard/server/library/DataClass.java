package dev.lanyard.server.library;

/// How sensitive something is. The order is the library's, from what anybody may see upwards.
///
/// @param name e.g. `confidential`
/// @param rank its place in the order, from 0
public record DataClass(String name, int rank) implements Comparable<DataClass> {
  @Override
  public int compareTo(DataClass other) {
    return Integer.compare(rank, other.rank);
  }

  /// Whether somebody cleared for this may see that.
  public boolean covers(DataClass grade) {
    return compareTo(grade) >= 0;
  }

  @Override
  public String toString() {
    return name;
  }
}
