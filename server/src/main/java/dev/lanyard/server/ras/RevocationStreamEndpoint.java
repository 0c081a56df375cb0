package dev.lanyard.server.ras;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.delivery.EnforcementPoint;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.token.ClientIntake;
import dev.lanyard.server.token.ErrorAnswers;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiFunction;

/// `POST /revocation-stream`: a resource server listens to what dies before its time (RS-13), and
/// `POST /revocation-stream/acknowledgement`: it says what it refuses, and learns whether that is
/// everything.
///
/// A listener learns of the resources whose tokens it may introspect, and only marks (see
/// [dev.lanyard.protocol.revocation.Notice]). It names itself in `subscriber`, so that two
/// processes of one client are two.
final class RevocationStreamEndpoint {
  private static final int MOST_FOR_ONE_CLIENT = 200;
  private static final Duration RECENT = Duration.ofMinutes(2);
  private static final long SHORTEST_BOUND = 200;
  private static final long LONGEST_BOUND = 60_000;

  private final ClientIntake intake;
  private final Listeners listeners;
  private final EnforcementPoints points;
  private final Journal journal;
  private final InstantSource clock;

  RevocationStreamEndpoint(
      ClientIntake intake,
      Listeners listeners,
      EnforcementPoints points,
      Journal journal,
      InstantSource clock) {
    this.intake = intake;
    this.listeners = listeners;
    this.points = points;
    this.journal = journal;
    this.clock = clock;
  }

  Response listen(Request request) {
    return handle(request, (client, form) -> listen(request, client));
  }

  Response acknowledge(Request request) {
    return handle(request, (client, form) -> acknowledge(request, client, form));
  }

  private Response handle(Request request, BiFunction<Client, Form, Response> served) {
    return switch (intake.read(request)) {
      case ClientIntake.Intake.Accepted(var form, var client)
          when client.isConfidential() && !client.permissions().mayIntrospect().isEmpty() ->
          served.apply(client, form);
      case ClientIntake.Intake.Accepted(_, var client) ->
          refused(
              request,
              client,
              new OAuthError(ErrorCode.UNAUTHORIZED_CLIENT, "the stream is for resource servers"),
              new Evidence("client", "a resource server that proves itself", "another", "RS-13"));
      case ClientIntake.Intake.Unserved unserved -> unserved.answered(request, journal);
    };
  }

  private Response listen(Request request, Client client) {
    if (listeners.count(client.id()) >= MOST_FOR_ONE_CLIENT) {
      return tooMany(request);
    }
    var known = request.header("Last-Event-ID").flatMap(RevocationStreamEndpoint::number);
    if (known.isPresent() && known.get() > listeners.last()) {
      if (known.get() <= points.head()) {
        // The listener was at a node that is ahead of this one: going back would revive somebody.
        return ErrorAnswers.unavailable(request);
      }
      // It speaks of another record, such as the one before a backup came back.
      known = Optional.empty();
    }
    var evidence =
        JsonObject.builder().put("from", known.map(String::valueOf).orElse("the beginning"));
    journal.allowed(subject(request, client), Findings.of(evidence.build()));
    return Response.events(listeners.listening(client.id(), known, client::mayIntrospect));
  }

  private Response acknowledge(Request request, Client client, Form form) {
    var subscriber = form.one("subscriber").filter(id -> id.matches("[A-Za-z0-9_-]{16,64}"));
    var sequence = form.one("sequence").flatMap(RevocationStreamEndpoint::number);
    var bound =
        form.one("stale_after")
            .flatMap(RevocationStreamEndpoint::number)
            .filter(millis -> millis >= SHORTEST_BOUND && millis <= LONGEST_BOUND);
    if (subscriber.isEmpty() || sequence.isEmpty() || bound.isEmpty()) {
      return refused(
          request,
          client,
          new OAuthError(
              ErrorCode.INVALID_REQUEST,
              "subscriber, sequence and stale_after (200 to 60000) are needed"),
          new Evidence("form", "subscriber, sequence, stale_after", "less", "RS-13"));
    }
    var point =
        new EnforcementPoint(
            client.id().value() + " " + subscriber.get(),
            EnforcementPoint.Kind.RESOURCE_SERVER,
            client.id().value(),
            Duration.ofMillis(bound.get()));
    if (form.one("leaving").isPresent()) {
      points.leave(point.id());
      return told(points.head());
    }
    return points
        .acknowledge(point, sequence.get(), clock.instant().minus(RECENT), MOST_FOR_ONE_CLIENT)
        .map(RevocationStreamEndpoint::told)
        .orElseGet(() -> tooMany(request));
  }

  private static Response told(long head) {
    return Response.json(200, JsonObject.builder().put("sequence", head).build()).noStore();
  }

  private static Optional<Long> number(String text) {
    return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  private static Response tooMany(Request request) {
    var error =
        new OAuthError(
            ErrorCode.TEMPORARILY_UNAVAILABLE, "this client has too many processes that listen");
    return Response.json(429, error.toJson(request.correlationId()))
        .noStore()
        .withHeader("Retry-After", "60");
  }

  private Response refused(Request request, Client client, OAuthError error, Evidence evidence) {
    journal.refused(request, subject(request, client), client, error, Findings.of(evidence));
    return ErrorAnswers.answer(error, request);
  }

  private static Journal.Subject subject(Request request, Client client) {
    return new Journal.Subject(
        "revocation.stream", request.correlationId(), Optional.of(client.id()));
  }
}
