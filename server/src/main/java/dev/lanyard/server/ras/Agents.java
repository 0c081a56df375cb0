package dev.lanyard.server.ras;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.Policy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Clients that act on their own behalf, without a person: which of them there are, and what the
/// role library gives them. Answers from memory.
final class Agents {
  private final Policy policy;
  private final ClientRegistry clients;
  private final Issuer self;

  Agents(Policy policy, ClientRegistry clients, Issuer self) {
    this.policy = policy;
    this.clients = clients;
    this.self = self;
  }

  /// Whether a client may have tokens of its own at all.
  static boolean mayBe(Client client) {
    return client.mayActForItself();
  }

  Decision decide(
      ClientId client,
      List<ResourceIndicator> resources,
      Scopes scopes,
      AuthorizationDetails details,
      Instant now) {
    return policy.decide(
        new AccessRequest(
            Member.agent(client),
            client,
            self,
            resources,
            scopes,
            details,
            AuthenticationContext.UNKNOWN,
            now));
  }

  /// Whether a client would still be given what a token of its has.
  boolean isGiven(ClientId client, List<ResourceIndicator> resources, Scopes scopes, Instant now) {
    Optional<Client> registered = clients.find(client).filter(Agents::mayBe);
    return registered.isPresent()
        && decide(client, resources, scopes, AuthorizationDetails.NONE, now)
            instanceof Decision.Permit permit
        && permit.resources().containsAll(resources)
        && permit.scopes().containsAll(scopes);
  }
}
