package dev.lanyard.server.app.checkup;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds organisations whose records are to be kept for times of their own, and that nobody knows:
/// a name that is misspelt keeps or removes nothing, and the organisation that was meant has the
/// times of all others.
public final class RetentionCheckup {
  private RetentionCheckup() {}

  static List<Finding> examine(Configuration config, Database database) {
    var named = config.transparency().retention().own().keySet();
    if (named.isEmpty()) {
      return List.of();
    }
    var known = known(config, database);
    var log = new AuditLog(database);
    return named.stream()
        .filter(name -> !known.contains(name))
        .filter(name -> log.query(AuditQuery.newest(1).ofOrganisation(name)).isEmpty())
        .sorted()
        .map(name ->
            Finding.note(
                "audit.retention_by_organisation",
                "there is no organisation '%s', and no record about one: is it misspelt? Known are %s"
                    .formatted(name, known.stream().sorted().toList())))
        .toList();
  }

  /// Of the configuration, and those that are enrolled.
  public static Set<String> known(Configuration config, Database database) {
    var known = new HashSet<String>();
    config.broker().map(Served::config).ifPresent(broker -> known.add(broker.organisation()));
    config.scim().connections().forEach(one -> known.add(one.organisation()));
    config.ras().map(Served::config).ifPresent(ras -> known.addAll(ras.organisationNames()));
    database.read(connection -> new OrganisationTables(connection).all()).stream()
        .map(EnrolledOrganisation::name)
        .forEach(known::add);
    return known;
  }
}
