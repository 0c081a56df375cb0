package dev.lanyard.server.authorization;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.authorization.Liveness.Life;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.sessions.Session;
import java.time.InstantSource;
import java.util.Optional;

/// Who sits before a browser: for pages that are about the person who is signed in, beside those of
/// the broker itself.
public final class Visitors {
  private final Browser browser;
  private final Liveness liveness;
  private final OwnClient own;
  private final InstantSource clock;

  Visitors(Browser browser, Liveness liveness, OwnClient own, InstantSource clock) {
    this.browser = browser;
    this.liveness = liveness;
    this.own = own;
    this.clock = clock;
  }

  /// Somebody who is signed in.
  ///
  /// @param person as they are now
  public record Visitor(Session session, Person person) {}

  /// The person whose session the browser of a request holds, if both still live.
  ///
  /// @param client for which client the page is; a client that was switched off has no visitors
  public Optional<Visitor> of(Request request, ClientId client) {
    return browser
        .session(request)
        .filter(session -> !session.isOver(clock.instant()))
        .flatMap(session ->
            liveness.of(Origins.of(session, client)) instanceof Life.Live(var person)
                ? Optional.of(new Visitor(session, person))
                : Optional.empty());
  }

  /// The same for the server's [OwnPage].
  public Optional<Visitor> of(Request request) {
    return of(request, own.id());
  }

  /// What somebody is answered who asks for the server's [OwnPage] and has no session here: they
  /// sign in and come back.
  public Response signIn(Request request) {
    return own.signIn(request);
  }
}
