package dev.lanyard.server.clients;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.yaml.Reload;
import dev.lanyard.server.yaml.Reloading;
import dev.lanyard.server.yaml.YamlFile;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// The registered clients of one authorization server, from its clients file. Thread-safe; a
/// look-up is one hash look-up.
public final class ClientRegistry {
  private final Reloading<Map<ClientId, Client>> clients;

  private ClientRegistry(Reloading<Map<ClientId, Client>> clients) {
    this.clients = clients;
  }

  /// Reads the clients file.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in it
  public static ClientRegistry open(Path file) {
    return new ClientRegistry(
        Reloading.open(file, (path, _) -> YamlFile.read(path, ClientReader::read)));
  }

  /// Takes over a changed file; a broken one leaves the clients as they are.
  public Reload poll() {
    return clients.poll();
  }

  public Optional<Client> find(ClientId id) {
    return Optional.ofNullable(clients.current().get(id));
  }

  public Collection<Client> all() {
    return clients.current().values();
  }
}
