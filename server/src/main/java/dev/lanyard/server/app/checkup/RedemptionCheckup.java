package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.ras.RasConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Looks whether a client of the broker could redeem at our own resource authorization server what
/// the broker gives it.
///
/// @param customers the organisations that trust our broker
record RedemptionCheckup(Served<RasConfig> ras, ClientRegistry clients, List<Customer> customers) {

  /// The checkup, if this installation has such a server.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException if its clients file cannot be read
  static Optional<RedemptionCheckup> of(Configuration config, List<Customer> customers) {
    return config
        .ras()
        .map(ras -> new RedemptionCheckup(ras, ClientRegistry.open(ras.clients()), customers));
  }

  boolean isAt(Issuer server) {
    return ras.config().issuer().equals(server);
  }

  /// Why it would be refused, each reason with its remedy.
  ///
  /// @param there what the client is called there
  List<String> faults(Client client, ClientId there, ResourceIndicator resource) {
    var faults = new ArrayList<String>();
    if (ras.config().resources().stream().noneMatch(one -> one.resource().equals(resource))) {
      faults.add("add %s to ras.resources".formatted(resource));
    }
    clients
        .find(there)
        .ifPresentOrElse(
            registered -> registration(client, registered).forEach(faults::add),
            () -> {
              if (!ras.doors().documents().allows(there)) {
                faults.add(
                    "no client is called %s in %s: correct ids_at, or add it there"
                        .formatted(there, ras.clients()));
              }
            });
    for (var customer : customers) {
      if (!customer.allows(there)) {
        faults.add(
            "the organisation '%s' does not let its people come through client %s: add it to its clients"
                .formatted(customer.name(), there));
      }
    }
    return faults;
  }

  private Stream<String> registration(Client client, Client there) {
    var name = "client %s in %s ".formatted(there.id(), ras.clients());
    var faults = Stream.<String>builder();
    if (!there.grantTypes().contains(GrantType.JWT_BEARER)) {
      faults.add(name + "may not redeem assertions: add jwt-bearer to its grants");
    }
    if (!there.mayRedeem()) {
      faults.add(
          name
              + "proves nothing and is not called by the URL of its document: give it a secret or"
              + " keys (RAS-2)");
    }
    // The real clients that come to the broker have no keys: who redeems by one is another.
    if (!hasKeys(there)) {
      shutOut(client, there).forEach(faults);
    }
    return faults.build();
  }

  /// What would keep the client out if it were a real one, which its registration there speaks
  /// against.
  List<String> doubts(Client client, ClientId there) {
    return clients
        .find(there)
        .filter(RedemptionCheckup::hasKeys)
        .map(registered -> shutOut(client, registered).toList())
        .orElse(List.of());
  }

  private static boolean hasKeys(Client client) {
    return client.credentials().methods().contains(AuthMethod.PRIVATE_KEY_JWT);
  }

  /// The real clients that it could be at the broker, and that have no method for it there.
  private Stream<String> shutOut(Client client, Client there) {
    var methods = there.credentials().methods();
    return Stream.of(RealClient.values())
        .filter(kind -> kind.fits(client))
        .filter(kind -> methods.stream().noneMatch(kind.methodsOfItsChoice()::contains))
        .map(kind ->
            "client %s in %s proves itself by %s, and %s only by %s"
                .formatted(
                    there.id(),
                    ras.clients(),
                    values(methods),
                    kind.title(),
                    values(kind.methodsOfItsChoice())));
  }

  private static String values(Set<AuthMethod> methods) {
    return String.join(" or ", methods.stream().map(AuthMethod::value).sorted().toList());
  }
}
