package dev.lanyard.server.authorization;

import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.Liveness.Life;
import dev.lanyard.server.authorization.Liveness.Origin;
import dev.lanyard.server.authorization.upstream.SignInDemands;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.sessions.Session;
import java.time.InstantSource;
import java.util.Optional;

/// Finds the session with which an authorization request can be answered without asking the person:
/// one that lives, and that is as good as the application wants it.
final class UsableSessions {
  private final Browser browser;
  private final Liveness liveness;
  private final InstantSource clock;

  UsableSessions(Browser browser, Liveness liveness, InstantSource clock) {
    this.browser = browser;
    this.liveness = liveness;
    this.clock = clock;
  }

  /// A session whose person is live.
  record Usable(Session session, Person person) {}

  Optional<Usable> of(Request request, Valid valid) {
    var now = clock.instant();
    return present(request, valid)
        .filter(usable -> new SignInDemands(valid.wishes()).areMetBy(usable.session(), now));
  }

  /// The same, however the person has signed in: for who was let in a moment ago.
  Optional<Usable> present(Request request, Valid valid) {
    var now = clock.instant();
    return browser
        .session(request)
        .filter(session -> !session.isOver(now))
        .filter(session -> valid.wishes().allows(session.person()))
        .flatMap(session ->
            liveness.of(origin(session, valid)) instanceof Life.Live(var person)
                ? Optional.of(new Usable(session, person))
                : Optional.empty());
  }

  private static Origin origin(Session session, Valid valid) {
    return new Origin(
        session.person(),
        session.createdAt(),
        Optional.of(session.id()),
        Optional.empty(),
        valid.client().id());
  }
}
