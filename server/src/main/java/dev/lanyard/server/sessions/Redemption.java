package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One use of an ID-JAG, and the grant that came of it.
///
/// @param assertion the ID-JAG itself
/// @param use counts from 0; above 0 only where a policy allows more than one use (D-1)
/// @param grant what was granted
/// @param forgetAfter when the ID-JAG is refused for its age anyway: `exp` plus the skew we
///   tolerate
public record Redemption(Assertion assertion, int use, Grant grant, Instant forgetAfter) {

  /// The identity of an ID-JAG.
  ///
  /// @param id `jti`, unique for the issuer
  /// @param hash of the whole assertion, so that another one under the same `jti` is told apart
  public record Assertion(Issuer issuer, String id, String hash) {
    public static Assertion of(Issuer issuer, String id, Secret compact) {
      return new Assertion(issuer, id, OpaqueToken.hash(compact));
    }
  }

  /// Where a grant comes from, as far as the issuer of its ID-JAG said. Of a grant by consent: our
  /// own session.
  ///
  /// @param session the person's session there, `sid`
  /// @param client what the client is called there, `azp`
  /// @param assertedAt when the ID-JAG was issued, or when the person agreed; empty of grants from
  ///   before that was kept
  public record Origin(
      Optional<String> session, Optional<String> client, Optional<Instant> assertedAt) {}

  /// What a client may do for a person on the strength of one ID-JAG, or of their consent. Every
  /// access token names it, and all of them die with it (TOK-8).
  ///
  /// @param details the authorization details that were granted
  /// @param keyThumbprint the DPoP key that its tokens are bound to
  /// @param expiresAt the end of the last token that it can give
  /// @param origin where it comes from
  public record Grant(
      String id,
      String organisation,
      String person,
      ClientId client,
      List<ResourceIndicator> resources,
      Scopes scopes,
      AuthorizationDetails details,
      Optional<String> keyThumbprint,
      Instant issuedAt,
      Instant expiresAt,
      Origin origin) {

    public Grant {
      resources = List.copyOf(resources);
    }

    /// The same grant with another end.
    public Grant until(Instant end) {
      return new Grant(
          id,
          organisation,
          person,
          client,
          resources,
          scopes,
          details,
          keyThumbprint,
          issuedAt,
          end,
          origin);
    }

    /// A grant without authorization details.
    public Grant(
        String id,
        String organisation,
        String person,
        ClientId client,
        List<ResourceIndicator> resources,
        Scopes scopes,
        Optional<String> keyThumbprint,
        Instant issuedAt,
        Instant expiresAt,
        Origin origin) {
      this(
          id,
          organisation,
          person,
          client,
          resources,
          scopes,
          AuthorizationDetails.NONE,
          keyThumbprint,
          issuedAt,
          expiresAt,
          origin);
    }
  }
}
