package dev.lanyard.suite.redeemer;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.suite.Credentials;
import java.util.Optional;

/// What has to be known of a resource authorization server to check it.
///
/// @param issuer the server under test
/// @param client a confidential client of it that may redeem assertions
/// @param otherClient another one
/// @param identityProvider the issuer that the server trusts and this suite plays
/// @param subject what the assertions say of a person whom the server knows: `sub`, and where
///   needed `email`, `tenant` and others
/// @param target what the person may have
/// @param otherTarget another resource of the same server that the person may have
/// @param introspection a client that may introspect tokens for both
/// @param behaviour what the specifications leave to the server
public record RedeemerSettings(
    Issuer issuer,
    Credentials client,
    Optional<Credentials> otherClient,
    Issuer identityProvider,
    JsonObject subject,
    Target target,
    Optional<Target> otherTarget,
    Optional<Credentials> introspection,
    Behaviour behaviour) {

  /// A protected resource with scopes that it knows.
  ///
  /// @param scopes two or more, so that narrowing can be seen
  public record Target(ResourceIndicator resource, Scopes scopes) {}

  /// What the specifications leave open.
  ///
  /// @param reusesAssertions whether an assertion may be redeemed until it expires
  /// @param createsPeople whether a person whom the server does not know is created
  public record Behaviour(boolean reusesAssertions, boolean createsPeople) {
    /// Once, and nobody.
    public static final Behaviour STRICT = new Behaviour(false, false);
  }
}
