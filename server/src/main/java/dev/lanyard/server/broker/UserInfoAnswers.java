package dev.lanyard.server.broker;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What `/userinfo` answers to a client: JSON, or the same signed for it alone. Signed with a key
/// of its own purpose, so that nothing of ours takes it for an ID Token. Thread-safe.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse OpenID Connect Core
///   §5.3.2
final class UserInfoAnswers {
  private final Issuer self;
  private final KeyRing keys;

  UserInfoAnswers(Issuer self, KeyRing keys) {
    this.self = self;
    this.keys = keys;
  }

  /// @param client empty if it is not known here now: then it has asked for nothing in particular
  Response of(Optional<Client> client, JsonObject claims) {
    return client
        .flatMap(one -> one.openId().userInfoAlgorithm().map(name -> signed(one, name, claims)))
        .orElseGet(() -> Response.json(200, claims));
  }

  private Response signed(Client client, SigningAlgorithm algorithm, JsonObject claims) {
    var signer = new JwtSigner(keys.active(Purpose.USER_INFO, algorithm), "JWT");
    var token = signer.sign(addressed(client, claims));
    return Response.bytes(200, "application/jwt", token.getBytes(StandardCharsets.US_ASCII));
  }

  private JsonObject addressed(Client client, JsonObject claims) {
    return JsonObject.builder()
        .put("iss", self.value())
        .put("aud", client.id().value())
        .build()
        .with(claims);
  }
}
