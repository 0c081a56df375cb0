package dev.lanyard.server.stdio;

/// For whom a process runs.
public interface Owner {
  /// Names the person, or the client that acts for itself.
  String name();

  /// Whether they have been killed since they were heard last.
  boolean isDead();
}
