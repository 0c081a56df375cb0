package dev.lanyard.server.ras.match;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IdentityProvider;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.ras.organisations.SubjectResolution;
import java.util.List;
import java.util.Optional;

/// Makes match reports, also for an issuer that is not switched on yet.
public final class PreFlight {
  private final SubjectResolution subjects;

  public PreFlight(Directory directory) {
    this.subjects = new SubjectResolution(directory);
  }

  /// An issuer with the organisation that it would speak for.
  public record Way(String organisation, IdentityProvider provider) {}

  /// The ways into an organisation.
  public static List<Way> ways(Organisation organisation) {
    return organisation.providers().stream()
        .map(provider -> new Way(organisation.name(), provider))
        .toList();
  }

  /// The same of one that was invited, whatever the stage of its issuers.
  public static List<Way> ways(EnrolledOrganisation organisation) {
    return organisation.issuers().stream()
        .map(issuer -> new Way(organisation.name(), issuer.provider(organisation.provenDomains())))
        .toList();
  }

  /// The way that is meant: the named one, or the only one.
  public static Optional<Way> choose(List<Way> ways, Optional<Issuer> named) {
    return named.isPresent()
        ? ways.stream().filter(one -> one.provider().issuer().equals(named.get())).findFirst()
        : Optional.of(ways).filter(all -> all.size() == 1).map(List::getFirst);
  }

  /// What would become of these people.
  public MatchReport report(List<ExportedPerson> people, Way way) {
    return MatchReport.of(people, way.provider(), way.organisation(), subjects);
  }
}
