package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.SignInCompletion.Recognised;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.revocation.EarlyEnds;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.saml.SamlAssertion;
import dev.lanyard.server.saml.SamlReplay;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.sessions.SessionStore;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Platform;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Begins sessions, but none on a sign-in that was ended while it was under way: also not if the
/// end and the beginning are at once, on two nodes (DPR-3, BCL-4).
final class SessionStart {
  private static final Evidence USED =
      new Evidence("assertion", "used for the first time", "used before", "SEC-12");

  private final Database database;
  private final SessionStore sessions;
  private final Journal journal;
  private final Duration life;
  private final ClockSkew skew;
  private final InstantSource clock;

  /// @param life how long a session lives, and the cookie that holds it
  SessionStart(SessionStore sessions, Duration life, Platform platform) {
    this.database = platform.database();
    this.sessions = sessions;
    this.journal = platform.journal();
    this.life = life;
    this.skew = platform.skew();
    this.clock = platform.clock();
  }

  Duration life() {
    return life;
  }

  /// The session that a sign-in leads to, not yet begun.
  Session session(String id, Recognised recognised, Instant at) {
    return new Session(
        id,
        recognised.person().id().value(),
        recognised.upstream(),
        recognised.authentication(),
        at,
        recognised.earlier(at.plus(life)));
  }

  /// Writes a session and that it was allowed.
  ///
  /// @param cookie what the browser will hold
  /// @return why it may not begin; then nothing was written
  Optional<Evidence> begin(
      Secret cookie,
      Session session,
      Recognised recognised,
      Journal.Subject subject,
      Findings findings) {
    return begin(cookie, session, recognised, subject, findings, Optional.empty());
  }

  /// The same, and uses an assertion up.
  ///
  /// @param assertion what proved the person, if it was one that must not prove them again
  Optional<Evidence> begin(
      Secret cookie,
      Session session,
      Recognised recognised,
      Journal.Subject subject,
      Findings findings,
      Optional<SamlAssertion> assertion) {
    var signIn =
        new EarlyEnds.SignIn(recognised.person().id(), recognised.began(), names(recognised));
    return database.write(connection -> {
      var refusal =
          EarlyEnds.of(connection, signIn, clock.instant())
              .map(ended -> new Evidence("sign-in", "not ended meanwhile", ended, "BCL-4"));
      if (refusal.isEmpty() && assertion.isPresent() && !isFirst(connection, assertion.get())) {
        return Optional.of(USED);
      }
      if (refusal.isEmpty()) {
        journal.allowed(connection, subject, findings, sessions.begun(cookie, session));
      }
      return refusal;
    });
  }

  private boolean isFirst(Connection connection, SamlAssertion assertion) throws SQLException {
    var forgetAfter = assertion.usableUntil().plus(skew.tolerance());
    return SamlReplay.first(connection, assertion.issuer(), assertion.id(), forgetAfter);
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
