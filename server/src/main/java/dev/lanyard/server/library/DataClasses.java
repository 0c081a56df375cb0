package dev.lanyard.server.library;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The data classes of an organisation in their order.
///
/// @param inOrder from the least to the most sensitive; never empty
public record DataClasses(List<DataClass> inOrder) {
  /// What applies when the library names none.
  public static final DataClasses DEFAULT =
      named(List.of("public", "internal", "confidential", "restricted"));

  public DataClasses {
    if (inOrder.isEmpty()) {
      throw new IllegalArgumentException("at least one data class is needed");
    }
    inOrder = List.copyOf(inOrder);
  }

  /// Classes with these names, the least sensitive first.
  public static DataClasses named(List<String> names) {
    return new DataClasses(
        IntStream.range(0, names.size()).mapToObj(i -> new DataClass(names.get(i), i)).toList());
  }

  /// The class with this name.
  public Optional<DataClass> find(String name) {
    return inOrder.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /// What everybody is cleared for, and a role that names no clearance.
  public DataClass lowest() {
    return inOrder.getFirst();
  }

  /// The names in their order.
  public List<String> names() {
    return inOrder.stream().map(DataClass::name).toList();
  }
}
