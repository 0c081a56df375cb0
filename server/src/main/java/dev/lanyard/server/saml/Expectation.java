package dev.lanyard.server.saml;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an assertion must be good for.
///
/// @param audiences the entity ids of service providers for which it may be, each with the
///   assertion consumer services to which it may have been sent
/// @param requestId the request that it must answer; empty if that was somebody else's, who must
///   have compared it
record Expectation(Map<String, Set<String>> audiences, Optional<String> requestId) {
  Expectation {
    audiences = Map.copyOf(audiences);
  }
}
