package dev.lanyard.server.ras.organisations;

import static java.util.stream.Collectors.joining;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idjag.EnrolledIssuer;
import dev.lanyard.server.directory.EmailDomain;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// An issuer in its organisation.
///
/// @param organisation the only one that the issuer speaks for
/// @param provider as the organisation has enrolled it
/// @param enrolled what its ID-JAGs are judged by
/// @param pending what it waits for, if nobody has come through it yet
public record Member(
    Organisation organisation,
    IdentityProvider provider,
    EnrolledIssuer enrolled,
    Optional<Pending> pending) {

  /// An issuer waits for its first good assertion.
  ///
  /// @param due until when
  public record Pending(Instant due, Confirmation confirmation) {}

  /// Whom the first good assertion must be about.
  public sealed interface Confirmation {
    /// Whomever it is about: the issuer itself was proved.
    record Anybody() implements Confirmation {}

    /// Somebody with an address in one of these domains: a domain has named the issuer, and the
    /// issuer has the other half of the proof. Where there is no domain, nobody will do.
    record AddressIn(Set<String> domains) implements Confirmation {
      public AddressIn {
        domains = Set.copyOf(domains);
      }
    }
  }

  /// Why this cannot be the first good assertion of an issuer that waits for it.
  public Optional<Evidence> confirmationFault(Meant meant, Instant now) {
    return pending.flatMap(waiting -> fault(waiting, meant, now));
  }

  private static Optional<Evidence> fault(Pending waiting, Meant meant, Instant now) {
    if (!now.isBefore(waiting.due())) {
      return Optional.of(
          evidence("enrolment", "a first assertion before " + waiting.due(), now.toString()));
    }
    return switch (waiting.confirmation()) {
      case Confirmation.Anybody() -> Optional.empty();
      case Confirmation.AddressIn(var domains) -> fault(domains, meant);
    };
  }

  private static Optional<Evidence> fault(Set<String> domains, Meant meant) {
    var domain = meant.email().flatMap(EmailDomain::of);
    return domain.filter(domains::contains).isPresent()
        ? Optional.empty()
        : Optional.of(
            evidence(
                "email",
                domains.isEmpty()
                    ? "an address of a proved domain, and none is left"
                    : "an address of " + domains.stream().sorted().collect(joining(" or ")),
                domain.map(other -> "one of " + other).orElse("none")));
  }

  private static Evidence evidence(String check, String expected, String actual) {
    return new Evidence(check, expected, actual, "RAS-22");
  }
}
