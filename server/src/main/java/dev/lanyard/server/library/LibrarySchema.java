package dev.lanyard.server.library;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The JSON Schema of the library's files. It says what can be said of one file by itself; that
/// names exist and expressions are sound, only the reader knows.
public final class LibrarySchema {
  /// The name under which the files of a library refer to it.
  public static final String FILE = "library.schema.json";

  private LibrarySchema() {}

  /// The schema document.
  public static String text() {
    try (var stream = LibrarySchema.class.getResourceAsStream(FILE)) {
      if (stream == null) {
        throw new IllegalStateException("the schema is missing from this build");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
