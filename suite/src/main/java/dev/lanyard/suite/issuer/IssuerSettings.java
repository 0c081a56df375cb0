package dev.lanyard.suite.issuer;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.suite.Credentials;
import java.util.Optional;

/// What has to be known of an identity provider to check it.
///
/// @param issuer the identity provider under test
/// @param client a confidential client of it that may exchange tokens
/// @param otherClient another one, to whom nothing of this person's was issued
/// @param publicClient a client without a secret
/// @param subject what was issued to the client when somebody signed in
/// @param target what that person may have
/// @param forbidden a connector that exists and that the person may not have
public record IssuerSettings(
    Issuer issuer,
    Credentials client,
    Optional<Credentials> otherClient,
    Optional<ClientId> publicClient,
    Subject subject,
    Target target,
    Optional<Target> forbidden) {

  /// The tokens of a sign-in.
  ///
  /// @param idToken issued to the client, and not expired
  /// @param refreshToken issued to the client, if the provider takes it as a subject
  public record Subject(Secret idToken, Optional<Secret> refreshToken) {}

  /// A protected resource behind a resource authorization server.
  ///
  /// @param audience the issuer identifier of that server
  /// @param clientThere what the client is called there
  /// @param scopes two or more, so that narrowing can be seen
  public record Target(
      Issuer audience, ResourceIndicator resource, ClientId clientThere, Scopes scopes) {}
}
