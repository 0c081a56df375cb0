package dev.lanyard.server.authorization;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.Credentials;
import dev.lanyard.server.clients.RedirectUri;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.token.Paths;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The server as a client of itself, so that whoever comes to a page of its own signs in as
/// everybody does. It asks for nothing, and no registry knows it: its codes cannot be redeemed.
final class OwnClient {
  private final Issuer self;
  private final Client client;

  OwnClient(Issuer self) {
    this.self = self;
    this.client =
        new Client(
            new ClientId(self.value()),
            "your access",
            Credentials.publicClient(),
            new Client.Permissions(Set.of(GrantType.AUTHORIZATION_CODE), false, false),
            List.of(new RedirectUri(Paths.at(self, Paths.CONSENTS).toString())),
            Map.of(),
            Optional.empty(),
            Client.OpenId.NONE);
  }

  ClientId id() {
    return client.id();
  }

  Optional<Client> find(ClientId id) {
    return id.equals(client.id()) ? Optional.of(client) : Optional.empty();
  }

  /// Where somebody signs in who is to come back to the page.
  URI signIn() {
    var query =
        Form.builder()
            .add("response_type", "code")
            .add("client_id", client.id().value())
            .add("redirect_uri", Paths.at(self, Paths.CONSENTS).toString())
            .add("code_challenge", Pkce.Verifier.random(OpaqueToken.random()).challenge().value())
            .add("code_challenge_method", "S256")
            .build();
    return URI.create(Paths.at(self, Paths.AUTHORIZE) + "?" + query.encode());
  }
}
