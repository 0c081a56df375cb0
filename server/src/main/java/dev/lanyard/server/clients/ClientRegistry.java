package dev.lanyard.server.clients;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.ClientSource.Lookup;
import dev.lanyard.server.yaml.Reload;
import dev.lanyard.server.yaml.Reloading;
import dev.lanyard.server.yaml.YamlFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The clients of one authorization server: those of its clients file, which an administrator
/// wrote, and after them those of other sources, if there are any. Thread-safe; a look-up in the
/// file is one hash look-up.
public final class ClientRegistry {
  private final Reloading<Map<ClientId, Client>> clients;
  private final List<ClientSource> sources;

  private ClientRegistry(Reloading<Map<ClientId, Client>> clients, List<ClientSource> sources) {
    this.clients = clients;
    this.sources = sources;
  }

  /// Reads the clients file.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in it
  public static ClientRegistry open(Path file) {
    return new ClientRegistry(
        Reloading.open(file, (path, _) -> YamlFile.read(path, ClientReader::read)), List.of());
  }

  /// The same clients, and after them those of these sources, in their order.
  public ClientRegistry with(ClientSource... more) {
    return new ClientRegistry(clients, List.of(more));
  }

  /// The same clients, and those of this source before those of the others.
  public ClientRegistry and(ClientSource first) {
    var all = new ArrayList<ClientSource>(List.of(first));
    all.addAll(sources);
    return new ClientRegistry(clients, List.copyOf(all));
  }

  /// Those of the file alone: no administrator of the console changes them, and none has registered
  /// itself.
  public ClientRegistry written() {
    return new ClientRegistry(clients, List.of());
  }

  /// Takes over a changed file; a broken one leaves the clients as they are.
  public Reload poll() {
    return clients.poll();
  }

  /// Looks for whoever is about to ask something here. May block to ask somebody outside; whether
  /// there is such a client may not be known then.
  public Lookup look(ClientId id) {
    var written = clients.current().get(id);
    if (written != null) {
      return new Lookup.Found(written);
    }
    for (var source : sources) {
      var found = source.look(id);
      if (!(found instanceof Lookup.Unknown)) {
        return found;
      }
    }
    return new Lookup.Unknown();
  }

  /// A client that can be told from memory; nobody outside is asked.
  public Optional<Client> find(ClientId id) {
    var written = Optional.ofNullable(clients.current().get(id));
    return written.isPresent()
        ? written
        : sources.stream().flatMap(source -> source.known(id).stream()).findFirst();
  }

  /// Every client that can be told from memory.
  public Collection<Client> all() {
    if (sources.isEmpty()) {
      return clients.current().values();
    }
    var all = new ArrayList<>(clients.current().values());
    sources.forEach(source -> all.addAll(source.all()));
    return List.copyOf(all);
  }

  /// Whether clients may register themselves.
  public boolean takesRegistrations() {
    return sources.stream().anyMatch(ClientSource::takesRegistrations);
  }

  /// Whether clients may be called by the URLs of their metadata documents.
  public boolean takesUrls() {
    return sources.stream().anyMatch(ClientSource::takesUrls);
  }
}
