package dev.lanyard.suite;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.provider.CsvSource;

/// What the tests of the two suites have a server do wrong.
final class Flaws {
  private Flaws() {}

  /// The checks that find a flaw in the rows of `each_flaw_is_found`.
  static Set<String> found(Class<?> test) throws ReflectiveOperationException {
    var rows = test.getDeclaredMethod("each_flaw_is_found", String.class, String.class);
    return Arrays.stream(rows.getAnnotation(CsvSource.class).value())
        .map(row -> row.substring(row.indexOf(',') + 1).strip())
        .collect(Collectors.toUnmodifiableSet());
  }
}
