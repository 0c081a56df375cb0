package dev.lanyard.server.authorization;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.Credentials;
import dev.lanyard.server.clients.RedirectUri;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
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
  private final URI page;
  private final Client client;

  OwnClient(Issuer self, OwnPage page) {
    this.self = self;
    this.page = Paths.at(self, page.path());
    this.client =
        new Client(
            new ClientId(self.value()),
            page.title(),
            Credentials.publicClient(),
            new Client.Permissions(Set.of(GrantType.AUTHORIZATION_CODE), false, false),
            List.of(new RedirectUri(this.page.toString())),
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

  /// What is answered to somebody who asks for the page and has no session: they sign in and come
  /// back to it. Whoever comes back without one is told so, and not sent around once more.
  Response signIn(Request request) {
    return isBack(request)
        ? Pages.error(
            401,
            "You could not be signed in here. Allow cookies for this site, and open "
                + page
                + " again.",
            request.correlationId())
        : Response.redirect(authorization()).noStore();
  }

  private static boolean isBack(Request request) {
    try {
      var query = Form.parse(request.query(), Set.of());
      return query.has("code") || query.has("error");
    } catch (MalformedException e) {
      return false;
    }
  }

  private URI authorization() {
    var query =
        Form.builder()
            .add("response_type", "code")
            .add("client_id", client.id().value())
            .add("redirect_uri", page.toString())
            .add("code_challenge", Pkce.Verifier.random(OpaqueToken.random()).challenge().value())
            .add("code_challenge_method", "S256")
            .build();
    return URI.create(Paths.at(self, Paths.AUTHORIZE) + "?" + query.encode());
  }
}
