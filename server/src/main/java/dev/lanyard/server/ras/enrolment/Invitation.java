package dev.lanyard.server.ras.enrolment;

import dev.lanyard.server.ras.organisations.DomainName;
import dev.lanyard.server.ras.organisations.OrganisationRules;
import java.time.Duration;
import java.util.Set;

/// Whom an operator invites.
///
/// @param name under which its people will be kept: 1 to 63 of a-z, 0-9 and -
/// @param domains its mail domains, which it has to prove
/// @param vouched mail domains that need no proof, on the operator's word
/// @param rules the limits that the operator sets
/// @param life how long the invitation holds
public record Invitation(
    String name,
    Set<DomainName> domains,
    Set<DomainName> vouched,
    OrganisationRules rules,
    Duration life) {
  /// A week.
  public static final Duration DEFAULT_LIFE = Duration.ofDays(7);

  private static final Duration LONGEST_LIFE = Duration.ofDays(90);

  /// @throws IllegalArgumentException with a sentence for the operator
  public Invitation {
    domains = Set.copyOf(domains);
    vouched = Set.copyOf(vouched);
    if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException(
          "an organisation is named with 1 to 63 of a-z, 0-9 and '-', not '"
              + name.replaceAll("[^\\x20-\\x7e]", "?")
              + "'");
    }
    if (!life.isPositive() || life.compareTo(LONGEST_LIFE) > 0) {
      throw new IllegalArgumentException("an invitation holds up to 90 days, not " + life);
    }
  }
}
