package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.BrokerRecord;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Standing;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Looks at the organisations for which the installation's own broker speaks. Its people are of one
/// organisation; under any other it means nobody, and every redemption is refused (decision 143).
public final class OwnBrokerCheckup {
  private OwnBrokerCheckup() {}

  /// Our broker, and whose people sign in there.
  private record Own(Issuer issuer, String organisation) {}

  /// What must be changed; nothing if no broker of ours is known.
  public static List<Finding> examine(Configuration config, Database database) {
    return own(config, database).stream()
        .flatMap(own -> elsewhere(config, database, own).map(name -> finding(own, name)))
        .toList();
  }

  private static Optional<Own> own(Configuration config, Database database) {
    return config
        .broker()
        .map(Served::config)
        .map(broker -> new Own(broker.issuer(), broker.organisation()))
        .or(() ->
            BrokerRecord.find(database)
                .map(record -> new Own(record.issuer(), record.organisation())));
  }

  /// Other organisations that have it as theirs.
  private static Stream<String> elsewhere(Configuration config, Database database, Own own) {
    var configured =
        config.ras().map(Served::config).stream()
            .flatMap(ras -> ras.organisations().stream())
            .filter(one ->
                one.providers().stream()
                    .anyMatch(provider -> provider.issuer().equals(own.issuer())))
            .map(Organisation::name);
    var enrolled =
        database.read(connection -> new OrganisationTables(connection).all()).stream()
            .filter(one -> one.standing() == Standing.OPEN)
            .filter(
                one -> one.issuer(own.issuer()).filter(its -> its.stage().isTrusted()).isPresent())
            .map(EnrolledOrganisation::name);
    return Stream.concat(configured, enrolled).filter(name -> !name.equals(own.organisation()));
  }

  private static Finding finding(Own own, String organisation) {
    return Finding.bad(
        "own broker",
        "%s speaks for the organisation '%s' at the resource authorization server, and its people are of '%s':"
                .formatted(own.issuer(), organisation, own.organisation())
            + " none of them can redeem anything. Name the issuer there under '%s'"
                .formatted(own.organisation()));
  }
}
