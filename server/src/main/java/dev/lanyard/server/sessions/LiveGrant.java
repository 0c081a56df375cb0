package dev.lanyard.server.sessions;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.Issuer;
import java.util.Optional;

/// A grant whose tokens may still be out there.
///
/// @param grant what was granted
/// @param issuer whose ID-JAG it was granted on
/// @param signIn the sign-in at our own broker that it descends from, if it does
public record LiveGrant(Redemption.Grant grant, Issuer issuer, Optional<SignIn> signIn) {

  /// A sign-in at our broker.
  ///
  /// @param person who signed in there
  public record SignIn(String person, AuthenticationContext authentication) {}
}
