package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.library.Library;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The clients through which access is compared: each that a library names, and one that stands for
/// all others, because a library cannot tell those apart.
public final class Clients {
  /// Stands for every client that no library names.
  public static final ClientId OTHERS = new ClientId("any-other-client");

  private final Set<ClientId> named;
  private final boolean hasOthers;

  private Clients(Set<ClientId> named, boolean hasOthers) {
    this.named = named;
    this.hasOthers = hasOthers;
  }

  /// @param registered the clients of the broker
  public static Clients of(Collection<ClientId> registered, Library... libraries) {
    var named = new TreeSet<String>();
    for (var library : libraries) {
      library.roles().forEach(role -> role.clients().forEach(id -> named.add(id.value())));
      library.clients().forEach(client -> named.add(client.id().value()));
    }
    if (new Sensitivity(List.of(libraries)).isToClient()) {
      registered.forEach(id -> named.add(id.value()));
    }
    var known = new LinkedHashSet<ClientId>();
    named.stream().map(ClientId::new).filter(registered::contains).forEach(known::add);
    return new Clients(known, registered.stream().anyMatch(id -> !known.contains(id)));
  }

  /// One of each sort.
  List<ClientId> sorts() {
    return Stream.concat(named.stream(), hasOthers ? Stream.of(OTHERS) : Stream.empty()).toList();
  }

  /// The sort of a client.
  ClientId sort(ClientId client) {
    return named.contains(client) ? client : OTHERS;
  }
}
