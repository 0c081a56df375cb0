package dev.lanyard.client.ema;

import dev.lanyard.client.flow.AuthorizationRequest;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import java.security.SecureRandom;
import java.util.Map;

/// An authorization request by which a person signs in to this client.
///
/// @param authorization what the browser is sent off with
/// @param nonce to be found in the ID token
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core
///   §3.1.2.1
record SignInRequest(AuthorizationRequest authorization, String nonce) {

  /// @param question with the scope `openid`
  /// @throws IllegalArgumentException as [AuthorizationRequest]
  static SignInRequest to(
      AuthorizationServerMetadata server,
      AuthorizationRequest.Question question,
      SecureRandom random) {
    var nonce = AuthorizationRequest.unguessable(random);
    var authorization = new AuthorizationRequest(server, question, Map.of("nonce", nonce), random);
    return new SignInRequest(authorization, nonce);
  }
}
