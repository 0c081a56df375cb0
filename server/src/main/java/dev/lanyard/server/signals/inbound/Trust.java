package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.oauth.Issuer;
import java.util.Optional;
import java.util.Set;

/// Whom a source may speak about, and by which names (SEC-9).
///
/// @param organisation whose people
/// @param issuers whose subjects it may name
/// @param domains of e-mail addresses, in lower case, that it is authoritative for
/// @param upstream the sign-in provider whose sessions it may name
public record Trust(
    String organisation, Set<Issuer> issuers, Set<String> domains, Optional<String> upstream) {
  public Trust {
    issuers = Set.copyOf(issuers);
    domains = Set.copyOf(domains);
  }
}
