package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.BrokerRecord;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Looks at the organisations for which the installation's own broker speaks. Its people are of one
/// organisation; under any other it means nobody, and every redemption is refused (decision 143).
final class OwnBrokerCheckup {
  private OwnBrokerCheckup() {}

  /// Our broker, and whose people sign in there.
  private record Own(Issuer issuer, String organisation) {}

  /// What must be changed; nothing if no broker of ours is known.
  static List<Finding> examine(Configuration config, Database database) {
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
    return Customer.trusting(config, database, own.issuer()).stream()
        .map(Customer::name)
        .filter(name -> !name.equals(own.organisation()));
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
