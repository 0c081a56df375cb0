package dev.lanyard.server.catalog;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// A connector of the built-in catalogue: what the world knows of it, not what an organisation
/// allows.
///
/// @param id the name under which libraries use to have it
/// @param name its name for people
/// @param products the products behind it, if it is several
/// @param category what it is for
/// @param bucket how far Enterprise-Managed Authorization is there
/// @param address where its MCP server is said to be; not probed
/// @param seen what was seen of it, the oldest first
public record KnownConnector(
    String id,
    String name,
    List<String> products,
    String category,
    Bucket bucket,
    Optional<ResourceIndicator> address,
    List<Seen> seen) {
  public KnownConnector {
    products = List.copyOf(products);
    seen = List.copyOf(seen);
  }

  /// How far Enterprise-Managed Authorization is at a connector.
  public enum Bucket {
    /// Its authorization server redeems ID-JAGs.
    LIVE("live"),
    /// Announced as rolling out.
    EARLY("early"),
    /// Legacy per-user OAuth until something else is seen.
    TRACKING("tracking");

    private final String value;

    Bucket(String value) {
      this.value = value;
    }

    /// As it is written in files.
    public String value() {
      return value;
    }
  }

  /// One observation.
  ///
  /// @param on when
  /// @param what the status
  /// @param evidence where it is from
  public record Seen(LocalDate on, String what, String evidence) {}

  /// The newest observation.
  public Seen latest() {
    return seen.getLast();
  }
}
