package dev.lanyard.server.app.checkup;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.entered.EnteredClient;
import dev.lanyard.server.clients.entered.EnteredClients;
import dev.lanyard.server.database.Database;
import java.util.List;
import java.util.stream.Stream;

/// The clients that the broker knows before they come: of its file, and of its console.
///
/// @param entered those of the console
public record BrokerClients(List<EnteredClient> entered) {
  /// The database could not be asked.
  public static final BrokerClients OF_THE_FILE = new BrokerClients(List.of());

  /// With those of the console.
  public static BrokerClients of(Configuration config, Database database) {
    return new BrokerClients(
        config
            .broker()
            .map(broker -> EnteredClients.all(database, broker.config().issuer()))
            .orElse(List.of()));
  }

  /// Those that count no more.
  public List<Finding> examine() {
    return entered.stream()
        .filter(one -> one.client().isEmpty())
        .map(one ->
            Finding.bad(
                "entered client " + one.id(),
                "is no client any more: by the rules of this release its entry is faulty. Change it"
                    + " in the console"))
        .toList();
  }

  /// All that count.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException if the clients file cannot be read
  public List<Client> all(Configuration config) {
    return Stream.concat(
            config.broker().stream()
                .flatMap(one -> ClientRegistry.open(one.clients()).all().stream()),
            entered.stream().flatMap(one -> one.client().stream()))
        .toList();
  }
}
