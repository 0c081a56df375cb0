package dev.lanyard.server.broker;

import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.ClientNames;
import dev.lanyard.server.authorization.FlowRules.Hinted;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import java.util.EnumSet;
import java.util.Optional;

/// Reads `id_token_hint`: an ID Token of ours, also one that has expired, because it only says whom
/// an application means. It opens nothing.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core
///   §3.1.2.1
final class IdTokenHints {
  private final Issuer self;
  private final ClientRegistry clients;
  private final ClientNames names;
  private final JwtVerifier verifier;

  IdTokenHints(Issuer self, KeyRing keys, ClientRegistry clients, ClientNames names) {
    this.self = self;
    this.clients = clients;
    this.names = names;
    this.verifier =
        new JwtVerifier(keys.of(Purpose.ID_TOKEN), EnumSet.allOf(SigningAlgorithm.class));
  }

  Optional<Hinted> read(String token) {
    try {
      var jwt = UnverifiedJwt.parse(token);
      if (jwt.unverifiedType().filter(IdToken.TYPE::equalsIgnoreCase).isEmpty()
          || !(verifier.verify(jwt) instanceof Verification.Verified(var verified))) {
        return Optional.empty();
      }
      var claims = verified.claims().all();
      var audience = verified.claims().audience();
      if (!claims.string("iss").equals(Optional.of(self.value())) || audience.size() != 1) {
        return Optional.empty();
      }
      var subject = claims.nonEmptyString("sub");
      var client = ClientId.parse(audience.getFirst());
      return names
          .personOf(clients.find(client), subject)
          .map(person -> new Hinted(person, client));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
