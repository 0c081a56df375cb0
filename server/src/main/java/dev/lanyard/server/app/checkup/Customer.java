package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.ras.match.PreFlight;
import dev.lanyard.server.ras.match.PreFlight.Way;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Standing;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// An organisation at our resource authorization server that takes an issuer's word, be it
/// configured or in the record.
///
/// @param clients through which of that server's clients its people may come; empty for all
/// @param way by which the issuer's people come in
record Customer(String name, Optional<Set<ClientId>> clients, Way way) {

  /// Those that trust an issuer now.
  static List<Customer> trusting(Configuration config, Database database, Issuer issuer) {
    var configured =
        config.ras().map(Served::config).stream()
            .flatMap(ras -> ras.organisations().stream())
            .flatMap(one -> of(one, issuer).stream());
    var enrolled =
        database.read(connection -> new OrganisationTables(connection).all()).stream()
            .filter(one -> one.standing() == Standing.OPEN)
            .filter(one -> one.issuer(issuer).filter(its -> its.stage().isTrusted()).isPresent())
            .flatMap(one -> of(one, issuer).stream());
    return Stream.concat(configured, enrolled).toList();
  }

  private static Optional<Customer> of(Organisation organisation, Issuer issuer) {
    return PreFlight.choose(PreFlight.ways(organisation), Optional.of(issuer))
        .map(way -> new Customer(organisation.name(), organisation.clients(), way));
  }

  private static Optional<Customer> of(EnrolledOrganisation organisation, Issuer issuer) {
    return PreFlight.choose(PreFlight.ways(organisation), Optional.of(issuer))
        .map(way -> new Customer(organisation.name(), organisation.rules().clients(), way));
  }

  boolean allows(ClientId client) {
    return clients.isEmpty() || clients.get().contains(client);
  }
}
