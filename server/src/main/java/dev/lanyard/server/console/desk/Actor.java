package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Caller;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.requests.ExceptionRequests.Act;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Whoever acts, at a page or through a program. What they do is recorded alike.
///
/// @param client the application in which they do it: the console, or their program
/// @param at now
/// @param correlationId of the request
public record Actor(Person person, ClientId client, Instant at, String correlationId) {
  /// The console, as a client of the broker. By this name it can be switched off as every other.
  public static final ClientId CONSOLE = new ClientId("lanyard-console");

  /// Whoever makes a call that needs somebody.
  ///
  /// @throws IllegalStateException if it is a program by itself, which no such call lets in
  public static Actor by(Call call, InstantSource clock) {
    return switch (call.caller()) {
      case Caller.Somebody(var person, var client) ->
          new Actor(person, client, clock.instant(), call.correlationId());
      case Caller.Program _ ->
          throw new IllegalStateException("a program by itself was let in to act for nobody");
    };
  }

  /// As records and kills name them.
  public String id() {
    return person.id().value();
  }

  /// For the record of requests of exceptions.
  public Act act() {
    return new Act(id(), at, correlationId);
  }

  /// What the audit record says of every act: what, in which request and by which application.
  public Journal.Subject subject(String event) {
    return new Journal.Subject(event, correlationId, Optional.of(client));
  }

  /// What the audit record says besides, with who acts.
  public Findings findings(JsonObject evidence) {
    return Findings.of(JsonObject.builder().put("by", id()).build().with(evidence));
  }
}
