package dev.lanyard.server.broker;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.administration.TokenHolders;
import dev.lanyard.server.authorization.ClientNames;
import dev.lanyard.server.authorization.Liveness;
import dev.lanyard.server.authorization.Liveness.Life;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.revocation.Origins;
import java.util.Optional;

/// Whom the access tokens of the broker mean, by the name that their client knows people by.
final class TokenPeople implements TokenHolders {
  private final ClientRegistry clients;
  private final ClientNames names;
  private final Liveness liveness;

  TokenPeople(ClientRegistry clients, ClientNames names, Liveness liveness) {
    this.clients = clients;
    this.names = names;
    this.liveness = liveness;
  }

  @Override
  public Held of(AccessToken token) {
    var client = clients.find(token.client());
    var person = names.personOf(client, token.subject());
    if (person.isEmpty()) {
      return new Held.Dead(
          new Evidence("sub", "somebody, by their name for the client", "nobody", "RS-2"));
    }
    var session = session(token).flatMap(name -> names.sessionOf(client, name));
    var origins =
        Origins.signIn(person.get(), token.issuedAt())
            .session(session)
            .grant(token.grant())
            .client(token.client());
    return switch (liveness.of(origins)) {
      case Life.Live(var live) ->
          new Held.By(live, client.map(Client::administration).orElse(Scopes.NONE));
      case Life.Dead(var evidence, _) -> new Held.Dead(evidence);
    };
  }

  private static Optional<String> session(AccessToken token) {
    try {
      return token.all().string("sid");
    } catch (MalformedException e) {
      throw new IllegalStateException("we signed an access token with a sid that is no text", e);
    }
  }
}
