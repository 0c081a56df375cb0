package dev.lanyard.server.broker;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.revocation.EarlyEnds;
import dev.lanyard.server.revocation.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What providers upstream have told of the end of what their ID Tokens come from. Such a token has
/// no session here that could end with it, so no denial knows of it. Thread-safe.
final class UpstreamEnds {
  private final Database database;
  private final ClockSkew skew;

  UpstreamEnds(Database database, ClockSkew skew) {
    this.database = database;
    this.skew = skew;
  }

  /// What has ended since a token was issued, if anything has: its session at the provider, or all
  /// that the person had there (BCL-4, IDP-42).
  ///
  /// @param upstream the configured name of the provider
  /// @param who whom the provider means by the token
  Optional<Evidence> of(String upstream, ExternalSubject who, IdToken token) {
    List<Subject> session =
        token.session().stream()
            .<Subject>map(sid -> new Subject.UpstreamSession(upstream, sid, Optional.empty()))
            .toList();
    List<Subject> person =
        List.of(new Subject.UpstreamSubject(upstream, token.subject()), new Subject.External(who));
    return database.read(connection -> {
      // It never begins again, so what the clocks of two may differ by is in its disfavour.
      var over = EarlyEnds.last(connection, session).map(end -> end.plus(skew.tolerance()));
      var gone = EarlyEnds.last(connection, person);
      return isIssuedBy(token, over)
          ? ended("sid", token)
          : isIssuedBy(token, gone) ? ended("sub", token) : Optional.empty();
    });
  }

  private static boolean isIssuedBy(IdToken token, Optional<Instant> end) {
    return end.filter(at -> !token.issuedAt().isAfter(at)).isPresent();
  }

  private static Optional<Evidence> ended(String claim, IdToken token) {
    return Optional.of(
        new Evidence(claim, "live at the provider", "ended since " + token.issuedAt(), "IDP-42"));
  }
}
