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
import java.util.Optional;

/// Somebody who acts, at a page or through a program. Both are recorded in the same way.
///
/// @param client the application in which they do it: the console, or their program
/// @param at now
/// @param correlationId of the request
public record Actor(Person person, ClientId client, Instant at, String correlationId) {
  /// The console, as a client of the broker. By this name it can be switched off as every other.
  public static final ClientId CONSOLE = new ClientId("lanyard-console");

  /// The person who makes a call that needs a person.
  ///
  /// @throws IllegalStateException if a program calls for nobody, which no such call lets in
  public static Actor by(Call call) {
    return switch (call.caller()) {
      case Caller.Somebody(var person, var client) ->
          new Actor(person, client, call.at(), call.correlationId());
      case Caller.Program _ ->
          throw new IllegalStateException("a program by itself was let in to act for nobody");
    };
  }

  /// The id under which records and kills name them.
  public String id() {
    return person.id().value();
  }

  /// The same act, as the record of requested exceptions has it.
  public Act act() {
    return new Act(id(), at, correlationId);
  }

  /// What the audit record says of every act: its type, its request and its application.
  public Journal.Subject subject(String event) {
    return new Journal.Subject(event, correlationId, Optional.of(client));
  }

  /// The evidence of an act, together with who acts.
  public Findings findings(JsonObject evidence) {
    return Findings.of(JsonObject.builder().put("by", id()).build().with(evidence));
  }
}
