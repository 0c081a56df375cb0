package dev.lanyard.server.publication;

import dev.lanyard.server.library.Library;
import dev.lanyard.server.yaml.Reload;

/// The role library that this node decides by. Thread-safe; [#current()] never blocks.
public interface LibraryInForce {
  /// What decides now.
  Library current();

  /// What is new since the last look. Something broken or not approved leaves what is in force.
  Reload poll();
}
