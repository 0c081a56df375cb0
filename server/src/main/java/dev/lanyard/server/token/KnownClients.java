package dev.lanyard.server.token;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.ClientSource;
import dev.lanyard.server.clients.documents.DocumentConfig;
import dev.lanyard.server.clients.documents.MetadataDocuments;
import dev.lanyard.server.clients.registration.RegisteredClients;
import dev.lanyard.server.clients.registration.RegistrationConfig;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The clients of one server, from wherever its administrator lets them come: the clients file
/// first, then metadata documents, then those that have registered themselves.
///
/// @param registry all of them
/// @param registered those that have registered themselves, if clients may
/// @param routes by which they do
public record KnownClients(
    ClientRegistry registry, Optional<RegisteredClients> registered, List<Route> routes) {
  /// Where clients register, below the issuer.
  public static final String REGISTER = "/register";

  public KnownClients {
    routes = List.copyOf(routes);
  }

  /// Who may become a client without an administrator who writes them down.
  ///
  /// @param documents whose metadata documents make clients
  /// @param registration whether clients may register themselves
  public record Doors(DocumentConfig documents, RegistrationConfig registration) {
    /// Nobody.
    public static final Doors CLOSED = new Doors(DocumentConfig.OFF, RegistrationConfig.OFF);
  }

  /// @param file the clients that an administrator has written down
  public static KnownClients of(ClientRegistry file, Doors doors, Issuer self, Platform platform) {
    var documents =
        new MetadataDocuments(
            doors.documents(),
            platform.egress(),
            new JdbcDocumentLedger(platform.database(), self, platform.clock()),
            platform.clock());
    var registration = doors.registration();
    if (!registration.enabled()) {
      return new KnownClients(file.with(documents), Optional.empty(), List.of());
    }
    var registered =
        RegisteredClients.open(registration, platform.database(), self, platform.clock());
    var endpoint = new RegistrationEndpoint(registration, registered, platform);
    return new KnownClients(
        file.with(documents, registered),
        Optional.of(registered),
        List.of(
            Route.post(REGISTER, Access.PUBLIC, endpoint::handle)
                .anyOrigin()
                .under(ServerMetadata.path(self))));
  }

  /// The same and, before whoever came by themselves, those of this source.
  public KnownClients and(ClientSource source) {
    return new KnownClients(registry.and(source), registered, routes);
  }

  /// Removes those that nobody uses, and records it.
  public void forget(InstantSource clock) {
    registered.ifPresent(clients -> clients.forget(witness("client.forgotten", "upkeep", clock)));
  }

  /// Records what has become of a client.
  ///
  /// @param event its type
  public static RegisteredClients.Witness witness(
      String event, String correlationId, InstantSource clock) {
    return (connection, client) ->
        AuditLog.row(
                AuditEvent.of(
                        event,
                        Outcome.SUCCESS,
                        clock.instant(),
                        correlationId,
                        JsonObject.builder().put("name", client.name()).build())
                    .withClient(client.id().value()))
            .insert(connection);
  }
}
