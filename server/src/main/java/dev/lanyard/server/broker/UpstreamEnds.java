package dev.lanyard.server.broker;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.revocation.EarlyEnds;
import dev.lanyard.server.revocation.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What providers upstream have told of the end of what their ID Tokens come from. Such a token has
/// no session here that could end with it, so no denial knows of it. Thread-safe.
final class UpstreamEnds {
  private final Database database;

  UpstreamEnds(Database database) {
    this.database = database;
  }

  /// What has ended since a token was issued, if anything has: its session at the provider, or all
  /// that the person had there (BCL-4, IDP-42).
  ///
  /// @param upstream the configured name of the provider
  /// @param who whom the provider means by the token
  /// @param issuedAt the token, by our clock and at the earliest
  Optional<Evidence> of(String upstream, ExternalSubject who, IdToken token, Instant issuedAt) {
    List<Subject> session =
        token.session().stream()
            .<Subject>map(sid -> new Subject.UpstreamSession(upstream, sid, Optional.empty()))
            .toList();
    List<Subject> person =
        List.of(new Subject.UpstreamSubject(upstream, token.subject()), new Subject.External(who));
    return database.read(connection ->
        isEnded(connection, session, issuedAt)
            ? ended("sid", token)
            : isEnded(connection, person, issuedAt) ? ended("sub", token) : Optional.empty());
  }

  private static boolean isEnded(Connection connection, List<Subject> what, Instant issuedAt)
      throws SQLException {
    return EarlyEnds.last(connection, what).filter(at -> !issuedAt.isAfter(at)).isPresent();
  }

  private static Optional<Evidence> ended(String claim, IdToken token) {
    return Optional.of(
        new Evidence(claim, "live at the provider", "ended since " + token.issuedAt(), "IDP-42"));
  }
}
