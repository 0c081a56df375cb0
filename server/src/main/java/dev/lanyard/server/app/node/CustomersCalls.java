package dev.lanyard.server.app.node;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.ras.Ras;
import dev.lanyard.server.ras.organisations.Member;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.signals.inbound.CalledRevocations;
import dev.lanyard.server.signals.inbound.EnrolledCallers.EnrolledCaller;
import dev.lanyard.server.signals.inbound.Trust;
import dev.lanyard.server.token.Platform;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Customers of the resource authorization server, whose identity providers end there what their
/// people have, by global token revocation: each those of its own organisation, and nobody else's.
public final class CustomersCalls {
  private CustomersCalls() {}

  /// @param self the server's issuer
  public static List<Route> routes(Ras ras, Issuer self, Revocation revocation, Platform platform) {
    return CalledRevocations.byEnrolled(
            self,
            issuer -> ras.member(issuer).flatMap(CustomersCalls::caller),
            revocation,
            platform)
        .routes();
  }

  /// While an issuer waits for its first good assertion nobody has come through it.
  private static Optional<EnrolledCaller> caller(Member member) {
    var provider = member.provider();
    var trust =
        new Trust(
            member.organisation().name(),
            Set.of(provider.issuer()),
            provider.people().domains(),
            Optional.empty());
    return provider
        .revocationCaller()
        .filter(_ -> member.pending().isEmpty())
        .map(subject -> new EnrolledCaller(member.enrolled().trust(), subject, trust));
  }
}
