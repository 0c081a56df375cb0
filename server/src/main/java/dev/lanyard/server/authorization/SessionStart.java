package dev.lanyard.server.authorization;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.SignIn.Recognised;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.revocation.EarlyEnds;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.sessions.SessionStore;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Begins sessions, but none on a sign-in that was ended while it was under way: also not if the
/// end and the beginning are at once, on two nodes (DPR-3, BCL-4).
final class SessionStart {
  private final Database database;
  private final SessionStore sessions;
  private final Journal journal;
  private final InstantSource clock;

  SessionStart(Database database, SessionStore sessions, Journal journal, InstantSource clock) {
    this.database = database;
    this.sessions = sessions;
    this.journal = journal;
    this.clock = clock;
  }

  /// Writes a session and that it was allowed.
  ///
  /// @param cookie what the browser will hold
  /// @return what has ended the sign-in; then nothing was written
  Optional<String> begin(
      Secret cookie,
      Session session,
      Recognised recognised,
      Journal.Subject subject,
      Findings findings) {
    var signIn =
        new EarlyEnds.SignIn(recognised.person().id(), recognised.began(), names(recognised));
    return database.write(connection -> {
      var ended = EarlyEnds.of(connection, signIn, clock.instant());
      if (ended.isEmpty()) {
        journal.allowed(connection, subject, findings, sessions.begun(cookie, session));
      }
      return ended;
    });
  }

  private static List<Subject> names(Recognised recognised) {
    var names = new ArrayList<Subject>();
    recognised.subject().map(Subject.External::new).ifPresent(names::add);
    recognised
        .upstream()
        .ifPresent(upstream -> {
          upstream
              .session()
              .map(sid -> new Subject.UpstreamSession(upstream.id(), sid, Optional.empty()))
              .ifPresent(names::add);
          upstream
              .subject()
              .map(sub -> new Subject.UpstreamSubject(upstream.id(), sub))
              .ifPresent(names::add);
        });
    var person = recognised.person();
    person
        .email()
        .map(email -> new Subject.Email(person.organisation(), email))
        .ifPresent(names::add);
    return names;
  }
}
