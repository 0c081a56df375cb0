package dev.lanyard.server.yaml;

import java.util.List;

/// What a look at watched files found.
public sealed interface Reload {
  /// Nothing new.
  record Unchanged() implements Reload {}

  /// New content is in force.
  ///
  /// @param version names exactly this content
  record Loaded(String version) implements Reload {}

  /// There is new content, and it is not in force because of these faults: the old one still is.
  record Refused(List<Fault> faults) implements Reload {}
}
