package dev.lanyard.server.ras;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.DenySet;
import java.util.List;
import java.util.Optional;

/// Whether an ID-JAG may still be redeemed *now*, whatever its issuer says (RAS-11). Asked before
/// the decision, and again once the redemption is durable; answers from memory.
final class AssertionLife {
  private final Directory directory;
  private final DenySet denied;

  AssertionLife(Directory directory, DenySet denied) {
    this.directory = directory;
    this.denied = denied;
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
                "after the last kill of " + dead.kind(),
                presented.idJag().issuedAt().toString(),
                "RAS-11"));
  }

  /// The first of these resources whose connector an administrator has stopped.
  Optional<ResourceIndicator> stopped(List<ResourceIndicator> resources) {
    return denied.stopped(resources);
  }
}
