package dev.lanyard.server.delivery;

import dev.lanyard.protocol.json.JsonObject;
import java.util.Optional;

/// Something that an endpoint outside must be told.
///
/// @param kind which [Courier] carries it
/// @param destination names the endpoint for people and for fairness: one that does not answer does
///   not hold up the others
/// @param lane messages of one lane arrive one after the other, in the order of their transactions;
///   empty if order does not matter. A message that is given up lets the next one pass
/// @param body what the courier needs. Never a token or a secret: a reference to where it is kept
/// @param correlationId of what led to it
/// @param organisation whose
/// @param person about whom, our own id
public record Delivery(
    String kind,
    String destination,
    Optional<String> lane,
    JsonObject body,
    String correlationId,
    Optional<String> organisation,
    Optional<String> person) {

  /// A message without order, about nobody.
  public static Delivery of(
      String kind, String destination, JsonObject body, String correlationId) {
    return new Delivery(
        kind,
        destination,
        Optional.empty(),
        body,
        correlationId,
        Optional.empty(),
        Optional.empty());
  }

  /// The same, in line with the other messages to its destination.
  public Delivery inOrder() {
    return inLane(kind + " " + destination);
  }

  public Delivery inLane(String name) {
    return new Delivery(
        kind, destination, Optional.of(name), body, correlationId, organisation, person);
  }

  public Delivery withOrganisation(String name) {
    return new Delivery(kind, destination, lane, body, correlationId, Optional.of(name), person);
  }

  public Delivery withPerson(String id) {
    return new Delivery(
        kind, destination, lane, body, correlationId, organisation, Optional.of(id));
  }
}
