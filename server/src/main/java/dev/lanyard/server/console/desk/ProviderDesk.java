package dev.lanyard.server.console.desk;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is connected to this installation of its identity providers, and how it is looked at.
public interface ProviderDesk {
  /// Every connection, as it is configured.
  List<Connection> all();

  /// Looks at one from here, now. It takes as long as the provider does, within the limits of what
  /// is sent outside.
  ///
  /// @return empty if there is none by this id, or nothing about it can be looked at
  Optional<List<Check>> examine(String id);

  /// One connection.
  ///
  /// @param id unique among all
  /// @param kind what it is for
  /// @param signs when it was last known to work, each with what it was
  /// @param facts what is configured here
  /// @param copied what is to be entered at the provider, byte for byte
  /// @param examinable whether it can be looked at
  record Connection(
      String id,
      String kind,
      String name,
      List<Sign> signs,
      List<Fact> facts,
      List<Fact> copied,
      boolean examinable) {
    public Connection {
      signs = List.copyOf(signs);
      facts = List.copyOf(facts);
      copied = List.copyOf(copied);
    }
  }

  /// Something that it did.
  ///
  /// @param at empty if it never did, or nobody knows it any more
  record Sign(String what, Optional<Instant> at) {}

  record Fact(String name, String value) {
    public static Fact of(String name, URI value) {
      return new Fact(name, value.toString());
    }
  }

  /// What one check found.
  ///
  /// @param detail what was found, and the remedy if it is bad
  record Check(Level level, String what, String detail) {
    /// How bad it is.
    public enum Level {
      GOOD,
      NOTE,
      BAD
    }
  }
}
