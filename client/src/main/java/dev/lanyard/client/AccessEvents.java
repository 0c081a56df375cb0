package dev.lanyard.client;

import java.net.URI;
import java.time.Duration;

/// Told of every trip to the authorization servers, for metrics and logs. Called once the trip is
/// over, in the thread that made it, whose call waits: return soon. It may ask for access, to the
/// same server too, and sign out. Several threads tell at once: implementations are thread-safe.
/// What it is told holds no token that it would have to hide, except in [Access.Granted], whose
/// token prints nothing.
@FunctionalInterface
public interface AccessEvents {
  /// Nobody listens.
  AccessEvents NONE = (server, occasion, access, took) -> {};

  /// Why a trip was made.
  enum Occasion {
    /// There was no token, or it had expired.
    NEEDED,
    /// The token will expire soon; the old one still serves.
    AHEAD,
    /// The MCP server refused the token: it was revoked, or somebody else rotated the keys.
    REFUSED,
    /// The MCP server demanded more scopes than the token has (CLI-10).
    MORE_SCOPES,
    /// The MCP server demanded a fresher or stronger sign-in (RFC 9470).
    SIGN_IN
  }

  /// A trip has ended.
  ///
  /// @param server the MCP server that the token is for
  /// @param access what came of it
  /// @param took wall-clock time, with the sign-in if a person was asked
  void obtained(URI server, Occasion occasion, Access access, Duration took);
}
