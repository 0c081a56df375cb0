package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// One change of one organisation, inside the transaction of [Ledger].
interface Step {
  /// @param now the organisation as it is; nobody else changes it meanwhile
  Outcome take(OrganisationTables tables, EnrolledOrganisation now) throws SQLException;

  /// What a step came to.
  sealed interface Outcome {}

  /// It was taken.
  ///
  /// @param evidence for the audit record
  /// @param killed the issuers of which everything that came dies
  /// @param others organisations that it has changed too
  /// @param person our own id of whom the evidence tells who they are
  record Taken(JsonObject evidence, Set<Issuer> killed, Set<String> others, Optional<String> person)
      implements Outcome {
    public Taken {
      killed = Set.copyOf(killed);
      others = Set.copyOf(others);
    }

    static Taken of(JsonObject evidence) {
      return new Taken(evidence, Set.of(), Set.of(), Optional.empty());
    }

    Taken killing(Collection<Issuer> issuers) {
      return new Taken(evidence, Set.copyOf(issuers), others, person);
    }

    Taken changing(Set<String> organisations) {
      return new Taken(evidence, killed, organisations, person);
    }

    /// The same about somebody, if they are known: who is erased is erased from its record.
    Taken about(Optional<String> somebody) {
      return new Taken(evidence, killed, others, somebody);
    }
  }

  /// It was not, and nothing was written.
  record NotTaken(Problem problem) implements Outcome {}

  static NotTaken not(String code, String detail) {
    return new NotTaken(new Problem(code, detail));
  }
}
