package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.sessions.Consent;
import java.util.List;
import java.util.Optional;

/// Shows what people have agreed to themselves, outside of what the organisation manages, and takes
/// it back. That only takes away, so one administrator does it. Thread-safe.
public final class ConsentDesk {
  private final Parts parts;
  private final Optional<Agreements> agreements;

  ConsentDesk(Parts parts, Optional<Agreements> agreements) {
    this.parts = parts;
    this.agreements = agreements;
  }

  /// Whether people are asked at all: they are where our resource authorization server is.
  public boolean isOpen() {
    return agreements.isPresent();
  }

  /// What a person has agreed to, the oldest first.
  public List<Consent> of(Person person) {
    return agreements.map(one -> one.consents().of(person.id())).orElse(List.of());
  }

  /// What an application calls itself; empty if it is not known any more.
  public Optional<String> name(ClientId client) {
    return agreements.flatMap(one -> one.clients().find(client)).map(Client::name);
  }

  /// Takes back everything that a person has agreed to with a client. What it gave ends in the same
  /// transaction, and the next time the person is asked again.
  ///
  /// @return whether there was anything to take back
  public boolean withdraw(Actor by, Person person, ClientId client, String reason) {
    var evidence = JsonObject.builder().put("client", client.value()).put("reason", reason).build();
    return agreements
        .filter(one ->
            one.consents()
                .withdraw(
                    person,
                    client,
                    Source.of(Source.Kind.ADMIN, by.id()),
                    by.correlationId(),
                    inside ->
                        parts.record(
                            inside,
                            by,
                            "console.consent-withdrawn",
                            Optional.of(person),
                            evidence)))
        .isPresent();
  }
}
