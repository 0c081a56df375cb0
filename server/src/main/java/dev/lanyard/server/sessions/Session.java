package dev.lanyard.server.sessions;

import dev.lanyard.protocol.claims.AuthenticationContext;
import java.time.Instant;
import java.util.Optional;

/// A person's sign-in at one server, held by one browser.
///
/// @param id the `sid` of ID tokens; may be seen
/// @param person who signed in
/// @param upstream where, if at another OpenID Provider
/// @param authentication when and how
/// @param createdAt when the session began, to the millisecond
/// @param expiresAt when it ends by itself
public record Session(
    String id,
    String person,
    Optional<Upstream> upstream,
    AuthenticationContext authentication,
    Instant createdAt,
    Instant expiresAt) {

  /// The sign-in at another OpenID Provider that this session stands on (IDP-43).
  ///
  /// @param id the configured name of the provider
  /// @param session its `sid`, by which it will tell us of a logout
  /// @param subject its `sub`, by which it will tell us of a logout of all sessions
  public record Upstream(String id, Optional<String> session, Optional<String> subject) {
    /// One whose `sub` is not known.
    public Upstream(String id, Optional<String> session) {
      this(id, session, Optional.empty());
    }
  }

  /// Whether it has ended by itself. The end is exclusive.
  public boolean isOver(Instant now) {
    return !now.isBefore(expiresAt);
  }
}
