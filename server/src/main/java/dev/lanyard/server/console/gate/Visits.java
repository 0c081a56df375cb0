package dev.lanyard.server.console.gate;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.authorization.Liveness;
import dev.lanyard.server.authorization.Liveness.Life;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.sessions.FormToken;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.function.Function;

/// Finds who is at the browser of a request: their session lives, and with it the person, their
/// session at the broker and the console as a client. Thread-safe.
record Visits(
    ConsoleConfig config,
    Cookies cookies,
    ConsoleSessions sessions,
    Liveness liveness,
    EndOfEverything endedEverything,
    InstantSource clock) {

  /// Knows what a stop that is over has ended.
  interface EndOfEverything {
    /// Whether everything that was there at a time was ended since, by a stop that does not stand
    /// any more.
    boolean of(Instant time);
  }

  /// Who is at the browser of this request; empty if nobody whose session counts.
  Optional<Visit> of(Request request) {
    return visit(
        request,
        session ->
            liveness.of(session.origins()) instanceof Life.Live(var person)
                ? Optional.of(person)
                : Optional.empty());
  }

  /// Who would be at the browser of this request if everything were not stopped. A session that an
  /// earlier stop has ended stays ended.
  Optional<Visit> heldByTheStop(Request request) {
    return visit(
        request,
        session ->
            endedEverything.of(session.createdAt())
                ? Optional.empty()
                : liveness.heldByTheStopAlone(session.origins()));
  }

  /// @param whose whose session it is, if it counts
  private Optional<Visit> visit(Request request, Function<ConsoleSession, Optional<Person>> whose) {
    var cookie = cookies.session(request);
    return cookie
        .flatMap(sessions::find)
        .filter(session -> !session.isOver(clock.instant()))
        .flatMap(session ->
            whose
                .apply(session)
                .map(person -> visit(request, cookie.orElseThrow(), session, person)));
  }

  private Visit visit(Request request, Secret cookie, ConsoleSession session, Person person) {
    var held = config.duties().of(person.groups());
    var usable =
        config.secondFactor().isMetBy(session.authentication()) ? held : EnumSet.of(Duty.EMPLOYEE);
    var withheld = EnumSet.copyOf(held);
    withheld.removeAll(usable);
    return new Visit(
        person,
        usable,
        withheld,
        session,
        FormToken.of(cookie),
        clock.instant(),
        request.correlationId());
  }
}
