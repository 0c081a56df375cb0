package dev.lanyard.server.signals.outbound;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Effect;
import dev.lanyard.server.revocation.Incident;
import dev.lanyard.server.revocation.Signal;
import java.util.List;
import java.util.Optional;

/// What happened to a person of ours.
public record PersonIncident(Incident incident, Person person) {
  /// Empty if it is about nobody, or about somebody of another organisation.
  public static Optional<PersonIncident> of(Incident incident, String organisation) {
    return incident
        .person()
        .filter(one -> one.organisation().equals(organisation))
        .map(one -> new PersonIncident(incident, one));
  }

  /// What happened.
  public Signal signal() {
    return incident.signal();
  }

  /// Whom it happened to.
  public String personId() {
    return person.id().value();
  }

  boolean has(Effect effect) {
    return signal().what().effects().contains(effect);
  }

  /// The sessions that were ended, if it was not all of the person's.
  public List<String> sessions() {
    return incident.denied().stream()
        .filter(denied -> denied.kind() == Denied.Kind.SESSION)
        .map(Denied::value)
        .toList();
  }

  /// A message of it.
  Delivery delivery(String kind, String destination, JsonObject body) {
    return Delivery.of(kind, destination, body, signal().correlationId())
        .withOrganisation(person.organisation())
        .withPerson(personId());
  }
}
