package dev.lanyard.benchmarks.compare;

import dev.lanyard.benchmarks.postgres.DurablePostgres;
import java.sql.DriverManager;
import java.sql.SQLException;

/// The customers of a resource authorization server, beside the one of the comparison: each with an
/// issuer of its own, and its people linked.
///
/// @param organisations how many; none if 0
/// @param people how many in all of them
record Population(int organisations, int people) {
  static final Population NONE = new Population(0, 0);

  Population {
    if (organisations < 0 || people < 0 || (organisations == 0) != (people == 0)) {
      throw new IllegalArgumentException("--organisations and --people go together");
    }
  }

  boolean isSomebody() {
    return people > 0;
  }

  /// What Lanyard with these customers is called.
  String title() {
    return isSomebody() ? "Lanyard x" + organisations : "Lanyard";
  }

  /// The organisation of somebody, from 1.
  int organisationOf(int person) {
    return (person - 1) % organisations + 1;
  }

  /// Writes them, into the tables that a first start has made: as enrolment and a first redemption
  /// of everybody would have left them.
  void fill(String database, CustomerIdp provider) throws SQLException {
    if (!isSomebody()) {
      return;
    }
    try (var connection = DriverManager.getConnection(database, DurablePostgres.USER, "none");
        var statement = connection.createStatement()) {
      for (var sql : statements(provider.issuer())) {
        statement.executeUpdate(sql);
      }
      // As long ago as it says: else the database would do this while something is measured.
      statement.execute("VACUUM ANALYZE");
    }
  }

  private String[] statements(String base) {
    var everyOrganisation = " FROM generate_series(1, " + organisations + ") n";
    var organisation = "'org-' || ((n - 1) % " + organisations + " + 1)";
    var issuer = "'" + base + "/o/' || ((n - 1) % " + organisations + " + 1)";
    var everybody = " FROM generate_series(1, " + people + ") n";
    return new String[] {
      "INSERT INTO organisation (name, state, rules, due, created_at, changed_at)"
          + " SELECT 'org-' || n, 'open', '{}', 0, 0, 0"
          + everyOrganisation,
      "INSERT INTO organisation_issuer (organisation, issuer, preset, stage, challenge, proof,"
          + " rules, due, created_at) SELECT 'org-' || n, "
          + issuer
          + ", 'other', 'active', 'none', 'document', '{\"algorithms\":[\"ES256\"]}', 0, 0"
          + everyOrganisation,
      "INSERT INTO organisation_trust (issuer, organisation) SELECT "
          + issuer
          + ", 'org-' || n"
          + everyOrganisation,
      "INSERT INTO person (id, organisation, user_name, user_name_key, email, display_name, active,"
          + " created_at, updated_at) SELECT 'p-' || n, "
          + organisation
          + ", 'person-' || n, 'person-' || n, 'person-' || n || '@example.com', 'Person ' || n, 1,"
          + " 0, 0"
          + everybody,
      "INSERT INTO person_link (organisation, issuer, subject, person, created_at) SELECT "
          + organisation
          + ", "
          + issuer
          + ", 's-' || n, 'p-' || n, 0"
          + everybody
    };
  }
}
