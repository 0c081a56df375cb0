package dev.lanyard.server.console.gate;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.clients.ClientSource;
import dev.lanyard.server.clients.Credentials;
import dev.lanyard.server.clients.RedirectUri;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.sessions.OpaqueToken;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The console as an OpenID client of the broker: registered by this process and by nobody else.
///
/// It redeems its codes in the process, in one transaction with the session that comes of them. For
/// the token endpoint it has a secret that is thrown away as it is made, so that there its codes
/// are good for nothing.
public final class ConsoleClient implements ClientSource {
  private final Client client;

  public ConsoleClient(ConsoleConfig config) {
    this.client =
        new Client(
            Actor.CONSOLE,
            "the Lanyard console",
            Credentials.secret(ClientSecret.generate(OpaqueToken.random()).hash()),
            new Client.Permissions(Set.of(GrantType.AUTHORIZATION_CODE), false, false),
            List.of(new RedirectUri(config.at(SignInEndpoint.CALLBACK).toString())),
            Map.of(),
            Optional.empty(),
            Client.OpenId.NONE);
  }

  @Override
  public Lookup look(ClientId id) {
    return known(id).<Lookup>map(Lookup.Found::new).orElseGet(Lookup.Unknown::new);
  }

  @Override
  public Optional<Client> known(ClientId id) {
    return id.equals(Actor.CONSOLE) ? Optional.of(client) : Optional.empty();
  }

  @Override
  public Collection<Client> all() {
    return List.of(client);
  }

  @Override
  public boolean takesUrls() {
    return false;
  }
}
