package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.ras.organisations.DomainName;
import dev.lanyard.server.ras.organisations.Organisation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What nobody can be enrolled with, because the configuration has it.
///
/// @param names of organisations, that of the people of a broker in this installation too: whoever
///   had it would have its people
/// @param issuers this server itself among them (IDP-35)
/// @param domains those of configured issuers
public record Reserved(Set<String> names, Set<Issuer> issuers, Set<String> domains) {
  public Reserved {
    names = Set.copyOf(names);
    issuers = Set.copyOf(issuers);
    domains = Set.copyOf(domains);
  }

  /// @param self the resource authorization server
  /// @param configured its organisations in the configuration
  /// @param others more names
  public static Reserved of(Issuer self, List<Organisation> configured, Set<String> others) {
    var names = new HashSet<>(others);
    var issuers = new HashSet<>(Set.of(self));
    var domains = new HashSet<String>();
    for (var organisation : configured) {
      names.add(organisation.name());
      for (var provider : organisation.providers()) {
        issuers.add(provider.issuer());
        domains.addAll(provider.people().domains());
      }
    }
    return new Reserved(names, issuers, domains);
  }

  /// Whether a domain is reserved, or looks like one that is.
  boolean holds(DomainName domain) {
    return domains.stream()
        .map(DomainName::parse)
        .anyMatch(one -> one.skeleton().equals(domain.skeleton()));
  }
}
