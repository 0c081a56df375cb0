package dev.lanyard.server.token;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.Halt;
import dev.lanyard.server.database.ChangeFeed;
import java.time.InstantSource;
import java.util.Optional;

/// Asks a grant for a client that is a part of this process, and has proved by that who it is.
/// Everything else is as at the [TokenEndpoint]: it is registered, may use the grant and is not
/// stopped; the decision is recorded, and looked at again when it is durable. Thread-safe.
public final class InnerClient {
  private final ClientRegistry clients;
  private final Halt halt;
  private final ChangeFeed changes;
  private final Conclusion conclusion;
  private final InstantSource clock;

  /// @param clients of the server that is asked
  /// @param halt what an administrator has stopped there
  public InnerClient(
      ClientRegistry clients, Halt halt, ChangeFeed changes, Journal journal, InstantSource clock) {
    this.clients = clients;
    this.halt = halt;
    this.changes = changes;
    this.conclusion = new Conclusion(journal, changes);
    this.clock = clock;
  }

  /// What came of it: durable, recorded, and as good as an answer of the endpoint.
  ///
  /// @throws java.io.UncheckedIOException if it cannot be made durable; nothing is granted then
  public TokenResult ask(
      ClientId id, GrantType type, Grant grant, Form form, String correlationId) {
    var about = new Journal.Subject(grant.event(), correlationId, Optional.of(id));
    var stale = Conclusion.staleSince(changes);
    if (stale.isPresent() || halt.everything()) {
      var why = stale.map(since -> "changes are not known since " + since);
      return conclusion.of(
          about,
          TokenResult.Unavailable.because(why.orElse("an administrator has stopped everything")));
    }
    var client = clients.find(id);
    var fault = fault(id, client, type);
    if (fault.isPresent()) {
      return conclusion.of(
          about,
          TokenResult.Refused.of(
              ErrorCode.UNAUTHORIZED_CLIENT, "this client may not do this", fault.get()));
    }
    var request =
        new TokenRequest(
            form, client.orElseThrow(), Optional.empty(), correlationId, clock.instant());
    return conclusion.of(about, grant.decide(request));
  }

  private Optional<Evidence> fault(ClientId id, Optional<Client> client, GrantType type) {
    if (client.isEmpty()) {
      return Optional.of(new Evidence("client", "registered", id.value(), "TOK-4"));
    }
    if (halt.client(id)) {
      return Optional.of(new Evidence("client", "enabled", "disabled", "DPR-1"));
    }
    if (client.get().dpopRequired()) {
      return Optional.of(new Evidence("DPoP", "a proof", "none", "DPOP-6"));
    }
    return client.get().grantTypes().contains(type)
        ? Optional.empty()
        : Optional.of(
            new Evidence("grants", type.value(), client.get().grantTypes().toString(), "TOK-4"));
  }
}
