package dev.lanyard.server.delivery;

import java.time.Duration;
import java.util.Locale;

/// Something that refuses what is denied, from a memory of its own.
///
/// @param id unique in the installation
/// @param name for people: of a resource server its client id
/// @param staleAfter how long it goes on without hearing from us; then it refuses everything
public record EnforcementPoint(String id, Kind kind, String name, Duration staleAfter) {
  /// What it is. The names are kept in the database, in lower case.
  public enum Kind {
    /// A node of this installation.
    NODE,
    /// A resource server that listens to the revocation stream, or follows the event feed and says
    /// after how long it stops without it.
    RESOURCE_SERVER;

    /// As it is kept and shown.
    public String value() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
