package dev.lanyard.server.token;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Person;
import java.util.Optional;

/// What a decision leaves for the audit record: whom it was about and on what grounds. Never a
/// token (AUD-4).
///
/// @param organisation whose affair it is, once that is known
/// @param person about whom, once that is known
/// @param evidence the grounds
public record Findings(
    Optional<String> organisation, Optional<String> person, JsonObject evidence) {
  public static Findings of(JsonObject evidence) {
    return new Findings(Optional.empty(), Optional.empty(), evidence);
  }

  /// The one check that failed (AUD-3).
  public static Findings of(Evidence failed) {
    return of(
        JsonObject.builder()
            .put("check", failed.check())
            .put("expected", failed.expected())
            .put("actual", failed.actual())
            .put("requirement", failed.requirement())
            .build());
  }

  /// Whether whoever asked as this client may be anybody: it proves nothing, and nothing was found
  /// out about a person.
  boolean mayBeAnybodys(Client client) {
    return !client.isConfidential() && person.isEmpty();
  }

  /// The same about somebody.
  public Findings about(Person somebody) {
    return new Findings(
        Optional.of(somebody.organisation()), Optional.of(somebody.id().value()), evidence);
  }

  /// The same about whoever it was, if that is known.
  public Findings about(Optional<Person> somebody) {
    return somebody.map(this::about).orElse(this);
  }

  /// The same with more grounds.
  public Findings with(JsonObject more) {
    return new Findings(organisation, person, evidence.with(more));
  }
}
