package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.claims.Evidence;
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
  /// @param confirming the domains of which an address must be in that assertion; empty if the
  ///   issuer itself was proved already
  public record Pending(Instant due, Set<String> confirming) {}

  /// Why this cannot be the first good assertion of an issuer that waits for it.
  public Optional<Evidence> confirmationFault(Meant meant, Instant now) {
    return pending.flatMap(waiting -> fault(waiting, meant, now));
  }

  private static Optional<Evidence> fault(Pending waiting, Meant meant, Instant now) {
    if (!now.isBefore(waiting.due())) {
      return Optional.of(
          evidence("enrolment", "a first assertion before " + waiting.due(), now.toString()));
    }
    var confirming = waiting.confirming();
    var domain = meant.email().flatMap(EmailDomain::of);
    return confirming.isEmpty() || domain.filter(confirming::contains).isPresent()
        ? Optional.empty()
        : Optional.of(
            evidence(
                "email",
                "an address of " + String.join(" or ", confirming),
                domain.map(other -> "one of " + other).orElse("none")));
  }

  private static Evidence evidence(String check, String expected, String actual) {
    return new Evidence(check, expected, actual, "RAS-22");
  }
}
