package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.ras.organisations.DomainName;
import dev.lanyard.server.ras.organisations.DomainTable;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Proof;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Who has a mail domain: any organisation may name it, and it is the one's that has proved it,
/// with whatever looks like it. A proof, also the operator's word, ends what others only say of it.
final class DomainRights {
  private static final int MOST_DOMAINS = 200;

  private final Reserved reserved;

  DomainRights(Reserved reserved) {
    this.reserved = reserved;
  }

  /// What became of a wish, inside a transaction that is rolled back if it is refused.
  sealed interface Right {
    /// @param ended the claims of others that are over by it
    record Given(List<DomainTable.Claim> ended) implements Right {
      Set<String> others() {
        return ended.stream().map(DomainTable.Claim::organisation).collect(Collectors.toSet());
      }

      /// For the audit record.
      JsonObject evidence() {
        return JsonObject.builder()
            .put(
                "ended",
                ended.stream().map(one -> one.domain() + " of " + one.organisation()).toList())
            .build();
      }
    }

    record Refused(Problem problem) implements Right {}
  }

  /// Takes down domains that an organisation calls its own.
  ///
  /// @param vouched those that are its own on the operator's word, whether they are named or not
  Right claim(
      OrganisationTables tables,
      EnrolledOrganisation known,
      Set<DomainName> named,
      Set<DomainName> vouched,
      Instant now)
      throws SQLException {
    var all = new LinkedHashSet<>(vouched);
    all.addAll(named);
    long more = all.stream().filter(one -> known.domain(one.value()).isEmpty()).count();
    if (more > 0 && known.domains().size() + more > MOST_DOMAINS) {
      return new Right.Refused(
          new Problem("too_many", "an organisation has up to 200 domains; remove one first"));
    }
    var ended = new ArrayList<DomainTable.Claim>();
    for (var domain : all) {
      if (reserved.holds(domain)
          || !tables.domains().claim(known.name(), domain, OpaqueToken.identifier(), now)) {
        return taken(domain.value());
      }
      if (vouched.contains(domain)) {
        switch (prove(tables, known.name(), domain.value(), Proof.OPERATOR)) {
          case Right.Given(var others) -> ended.addAll(others);
          case Right.Refused refused -> {
            return refused;
          }
        }
      }
    }
    return new Right.Given(ended);
  }

  /// Makes a domain that an organisation has named its own.
  Right prove(OrganisationTables tables, String name, String domain, Proof proof)
      throws SQLException {
    return switch (tables.domains().prove(name, domain, proof)) {
      case DomainTable.Proving.Taken(var ended) -> new Right.Given(ended);
      case DomainTable.Proving.Held() -> taken(domain);
      case DomainTable.Proving.NotNamed() -> new Right.Refused(unknown(name, domain));
    };
  }

  private static Right taken(String domain) {
    return new Right.Refused(
        new Problem(
            "domain_taken",
            domain
                + " is another organisation's, or looks like a domain that somebody has proved"));
  }

  static Problem unknown(String name, String domain) {
    return new Problem("unknown_domain", domain + " is no domain of " + name);
  }
}
