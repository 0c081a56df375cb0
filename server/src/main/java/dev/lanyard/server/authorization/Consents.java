package dev.lanyard.server.authorization;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientKeys;
import dev.lanyard.server.clients.RedirectUri;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Accepted;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.Consent;
import dev.lanyard.server.sessions.ConsentStore;
import dev.lanyard.server.sessions.IssuedGrants;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What people have agreed that clients do for them at one server, and how they take it back. In
/// the record, so that every node knows the same. Thread-safe.
public final class Consents {
  private final Issuer self;
  private final Database database;
  private final ConsentStore store;
  private final Revocation revocation;
  private final InstantSource clock;

  /// @param self the server
  public Consents(Issuer self, Database database, Revocation revocation, InstantSource clock) {
    this.self = self;
    this.database = database;
    this.store = new ConsentStore(database, self);
    this.revocation = revocation;
    this.clock = clock;
  }

  /// What a person has agreed to with this client as it is now and this recipient, by the resource.
  Map<ResourceIndicator, Scopes> agreed(PersonId person, Client client, Recipient recipient) {
    var mark = mark(client, recipient);
    return agreed(person, client.id(), consent -> consent.mark().equals(mark));
  }

  /// What a person has agreed to with this client, whatever has become of it since: what it got
  /// then it keeps.
  public Map<ResourceIndicator, Scopes> agreed(PersonId person, ClientId client) {
    return agreed(person, client, _ -> true);
  }

  private Map<ResourceIndicator, Scopes> agreed(
      PersonId person, ClientId client, Predicate<Consent> counts) {
    var agreed = new LinkedHashMap<ResourceIndicator, Scopes>();
    store.of(person.value(), client).stream()
        .filter(counts)
        .forEach(one -> agreed.merge(one.resource(), one.scopes(), Scopes::union));
    return agreed;
  }

  /// Everything that a person has agreed to, with any client, the oldest first.
  public List<Consent> of(PersonId person) {
    return store.of(person.value());
  }

  /// The fact that a person has agreed, to be written with what comes of it.
  ///
  /// @param mark what [#mark] says of the client that they were asked about
  Row given(
      PersonId person, ClientId client, String mark, ResourceIndicator resource, Scopes scopes) {
    return store.agreed(
        new Consent(person.value(), client, mark, resource, scopes, clock.instant()));
  }

  /// Stands for everything of a client that makes it the one that the person has agreed to: who
  /// gets the answer, which is what they were shown, where else answers may go, what it proves
  /// itself with, whether it may renew.
  static String mark(Client client, Recipient recipient) {
    var keys =
        switch (client.credentials().keys()) {
          case ClientKeys.None() -> Stream.<String>empty();
          case ClientKeys.Inline(var set) -> Stream.of(set.toJson().toJson());
          case ClientKeys.Remote(var uri) -> Stream.of(uri.toString());
        };
    var redirects = client.redirectUris().stream().map(RedirectUri::value).sorted();
    var rights = client.grantTypes().stream().map(Enum::name).sorted();
    var all =
        Stream.of(redirects, keys, rights, Stream.of(recipient.mark()))
            .flatMap(one -> Stream.concat(one, Stream.of("")));
    return OpaqueToken.hash(new Secret(String.join("\n", all.toList())));
  }

  /// Takes back what a person has agreed to with a client: everything that it gave dies in the same
  /// transaction, and the next time the person is asked.
  ///
  /// A node that redeems a code at this moment asks again when that is durable, and finds nothing
  /// agreed; what it has recorded before is found by the second look.
  ///
  /// @return whether there was anything to take back
  public boolean withdraw(Person person, ClientId client, Source by, String correlationId) {
    return withdraw(person, client, by, correlationId, _ -> {});
  }

  /// What is written in the transaction that takes a consent back.
  public interface Note {
    void write(Connection connection) throws SQLException;
  }

  /// The same, with a note of whoever takes it back.
  ///
  /// @param note is written if there was anything to take back
  public boolean withdraw(
      Person person, ClientId client, Source by, String correlationId, Note note) {
    var kills = kills(person, client, by, correlationId);
    var accepted =
        database.write(connection -> {
          if (!store.withdraw(connection, person.id().value(), client)) {
            return Optional.<Accepted>empty();
          }
          note.write(connection);
          return Optional.of(
              withdrawn(connection, new Withdrawal(person, client, by, correlationId), kills));
        });
    accepted.ifPresent(one -> {
      one.enforce();
      var late = kills(person, client, by, correlationId);
      if (!late.isEmpty()) {
        revocation.acceptAll(late);
      }
    });
    return accepted.isPresent();
  }

  private record Withdrawal(Person person, ClientId client, Source by, String correlationId) {}

  private Accepted withdrawn(Connection connection, Withdrawal what, List<Signal> kills)
      throws SQLException {
    var evidence =
        JsonObject.builder()
            .put("by", what.by().kind().name())
            .put("server", self.value())
            .put("grants", kills.size())
            .build();
    AuditLog.append(
        connection,
        AuditEvent.of(
                "consent.withdrawn",
                Outcome.SUCCESS,
                clock.instant(),
                what.correlationId(),
                evidence)
            .withOrganisation(what.person().organisation())
            .withPerson(what.person().id().value())
            .withClient(what.client().value()));
    return revocation.accept(connection, kills);
  }

  private List<Signal> kills(Person person, ClientId client, Source by, String correlationId) {
    return new IssuedGrants(database)
        .on(self.value(), person.id().value(), client, clock.instant()).stream()
            .map(grant ->
                new Signal(
                    by,
                    OpaqueToken.identifier(),
                    new Subject.Grant(grant.id()),
                    Happening.TOKENS_REVOKED,
                    clock.instant(),
                    "consent was withdrawn",
                    correlationId))
            .toList();
  }
}
