package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.sessions.IssuedGrants.Live;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Translates what grants say into what policy says.
final class Connectors {
  private final Map<String, Connector> byId = new HashMap<>();
  private final Clients sorts;
  private final List<Client> registered;

  Connectors(Library library, Clients sorts, List<Client> registered) {
    this.sorts = sorts;
    this.registered = registered;
    for (var connector : library.connectors()) {
      byId.put(connector.id(), connector);
    }
  }

  /// Whether a grant gives this. A tool is decided at each call and needs no token.
  boolean gives(Live grant, Access access) {
    var connector = Optional.ofNullable(byId.get(access.connector()));
    return connector.isPresent()
        && access.kind() != Access.Kind.TOOL
        && grant.resources().contains(connector.get().resource().value())
        && (access.kind() == Access.Kind.CONNECTOR || grant.scopes().contains(access.name()))
        && isThrough(access.client(), connector.get(), grant.client());
  }

  /// Whether a client with this id at the resource authorization server may be one through which
  /// somebody has this.
  boolean isThrough(ClientId idThere, Access access) {
    var connector = Optional.ofNullable(byId.get(access.connector()));
    return connector.isPresent() && isThrough(access.client(), connector.get(), idThere);
  }

  /// Whether a client of the broker, or one of its sort, has this id at the resource authorization
  /// server. An id that nobody has any more may have been anybody's.
  private boolean isThrough(ClientId sort, Connector connector, ClientId idThere) {
    var known =
        registered.stream()
            .filter(client -> client.idsAt(connector.authorizationServer()).contains(idThere))
            .toList();
    return known.isEmpty()
        || known.stream().anyMatch(client -> sorts.sort(client.id()).equals(sort));
  }
}
