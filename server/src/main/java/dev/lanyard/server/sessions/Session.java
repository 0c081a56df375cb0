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
  /// @param endsBy when the provider wants everything that stands on it to end; empty if it does
  ///   not say
  public record Upstream(
      String id, Optional<String> session, Optional<String> subject, Optional<Instant> endsBy) {
    /// One that the provider gives no end.
    public Upstream(String id, Optional<String> session, Optional<String> subject) {
      this(id, session, subject, Optional.empty());
    }

    /// One whose `sub` is not known either.
    public Upstream(String id, Optional<String> session) {
      this(id, session, Optional.empty());
    }
  }

  /// When the provider that it stands on wants everything of it to end, if it says so.
  public Optional<Instant> endsBy() {
    return upstream.flatMap(Upstream::endsBy);
  }

  /// Whether it has ended by itself. The end is exclusive.
  public boolean isOver(Instant now) {
    return !now.isBefore(expiresAt);
  }
}
