package dev.lanyard.server.library;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/// A first library for an organisation, to be judged and changed by it.
public final class LibraryTemplate {
  /// The roles that there are templates for.
  public static final List<String> ROLES =
      List.of("engineering", "design", "sales", "finance", "leadership");

  private LibraryTemplate() {}

  /// The files of a library with these roles, by name.
  public static SequencedMap<String, String> files(List<String> roles) {
    var files = new TreeMap<String, String>();
    files.put("connectors.yaml", text("connectors.yaml"));
    roles.forEach(role -> files.put(role + ".yaml", text(role + ".yaml")));
    return files;
  }

  private static String text(String name) {
    try (var stream = LibraryTemplate.class.getResourceAsStream("init/" + name)) {
      if (stream == null) {
        throw new IllegalStateException("the template " + name + " is missing from this build");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
