package dev.lanyard.server.stdio;

import java.util.List;
import java.util.Set;

/// For whom a process runs.
public interface Owner {
  /// Names the person, or the client that acts for itself.
  String name();

  /// Names the person and the client through which they ask: who has a process in common where
  /// requests stand alone.
  List<String> pair();

  /// Under which names somebody may be told that they have been killed.
  Set<String> names();

  /// Whether they have been killed since they were heard last.
  boolean isDead();
}
