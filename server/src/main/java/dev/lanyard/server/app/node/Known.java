package dev.lanyard.server.app.node;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.console.desk.Parties;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.revocation.Revocation;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Whom this configuration names, for the server and for commands beside it.
public final class Known {
  private Known() {}

  /// What is outside and can be stopped.
  ///
  /// @param library answers what is in force; throws if it cannot be read
  public static Parties parties(
      Configuration config,
      Database database,
      Directory directory,
      Revocation revocation,
      Supplier<Library> library,
      InstantSource clock) {
    var customers = config.ras().map(ras -> ras.config().organisations()).orElse(List.of());
    var names = new HashSet<String>();
    config.broker().ifPresent(broker -> names.add(broker.config().organisation()));
    customers.forEach(one -> names.add(one.name()));
    return new Parties(
        config.ras().map(ras -> ras.config().issuer()),
        issuers(customers),
        names,
        config.ras().map(ras -> ras.config().resources()).orElse(List.of()).stream()
            .map(RasConfig.Resource::resource)
            .collect(Collectors.toSet()),
        library,
        database,
        directory,
        revocation.denied(),
        clock);
  }

  private static Set<String> issuers(List<Organisation> customers) {
    return customers.stream()
        .flatMap(one -> one.providers().stream())
        .map(provider -> provider.issuer().value())
        .collect(Collectors.toSet());
  }
}
