package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Separation;
import java.time.Instant;
import java.util.List;

/// A separation of the library, compiled.
///
/// @param separation as it is written
/// @param parts the connectors it is about
record SeparationOfDuty(Separation separation, List<ConnectorPolicy> parts) {

  String name() {
    return separation.name();
  }

  Scopes scopesAt(String connector) {
    return separation.neverTogether().getOrDefault(connector, Scopes.NONE);
  }

  /// Whether the person has all of its scopes together.
  boolean isBrokenBy(Member member, Instant now) {
    return parts.stream()
        .allMatch(part -> part.held(member, now).containsAll(scopesAt(part.connector().id())));
  }
}
