package dev.lanyard.server.ras;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.DenySet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whether an ID-JAG may still be redeemed *now*, whatever its issuer says (RAS-11). Asked before
/// the decision, and again once the redemption is durable; answers from memory.
final class AssertionLife {
  private final Directory directory;
  private final DenySet denied;
  private final ClockSkew skew;

  AssertionLife(Directory directory, DenySet denied, ClockSkew skew) {
    this.directory = directory;
    this.denied = denied;
    this.skew = skew;
  }

  /// When an ID-JAG may have been issued, by our clock. Our own broker goes by that; another issuer
  /// that is ahead, within what is tolerated, would date what it issued before a kill after it.
  Instant madeAt(IdJag idJag) {
    return directory
        .own()
        .broker()
        .filter(own -> own.issuer().equals(idJag.issuer()))
        .map(_ -> idJag.issuedAt())
        .orElseGet(() -> skew.earliest(idJag.issuedAt()));
  }

  /// Who is disabled here gets nothing, and an assertion from before they were disabled does not
  /// count after they are back.
  Optional<Evidence> death(Presented<?> presented, Client client) {
    var here = presented.whom().here().map(Person::id);
    if (here.isPresent() && here.flatMap(directory::person).filter(Person::active).isEmpty()) {
      return Optional.of(new Evidence("person", "active", "disabled", "RAS-11"));
    }
    return denied
        .denial(presented.origins(client))
        .map(dead ->
            new Evidence(
                "iat",
                "after the last kill of " + dead.kind() + byClocksApart(presented),
                presented.idJag().issuedAt().toString(),
                "RAS-11"));
  }

  private static String byClocksApart(Presented<?> presented) {
    var apart = Duration.between(presented.madeAt(), presented.idJag().issuedAt());
    return apart.isZero()
        ? ""
        : " by more than the %d s that clocks may differ".formatted(apart.toSeconds());
  }

  /// The first of these resources whose connector an administrator has stopped.
  Optional<ResourceIndicator> stopped(List<ResourceIndicator> resources) {
    return denied.stopped(resources);
  }
}
