package dev.lanyard.server.console.desk;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The connections of this installation to identity providers, and a look at each.
public interface ProviderDesk {
  /// Every connection, as it is configured.
  List<Connection> all();

  /// Examines a connection from this node, now. It takes as long as the provider takes to answer,
  /// within the limits for outbound requests.
  ///
  /// @return empty if there is no such connection, or nothing about it can be examined
  Optional<List<Check>> examine(String id);

  /// One connection.
  ///
  /// @param id unique among all
  /// @param kind what it is for
  /// @param signs what it last did, each with the time
  /// @param facts what is configured here
  /// @param copied what to enter at the provider, byte for byte
  /// @param examinable whether it can be examined
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
