package dev.lanyard.server.database;

/// Whether a [Unit] got what it claimed.
public enum Outcome {
  FIRST,
  TAKEN
}
