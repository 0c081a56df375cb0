package dev.lanyard.server.broker;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.util.Optional;
import java.util.Set;

/// An OpenID Provider that signs people in for the broker.
///
/// @param id its short name, part of the redirect URI: each has one of its own, so that an answer
///   of one can never pass for that of another (SEC-8)
/// @param name what people read on the button
/// @param issuer its identifier
/// @param clientId ours, there
/// @param clientSecret ours, there
/// @param scopes what we ask for; `openid` is always asked for
/// @param groupsClaim the claim of the ID Token that lists the person's groups, if it does
/// @param algorithms what it may sign ID Tokens with
public record UpstreamConfig(
    String id,
    String name,
    Issuer issuer,
    ClientId clientId,
    Secret clientSecret,
    Scopes scopes,
    Optional<String> groupsClaim,
    Set<SigningAlgorithm> algorithms) {
  /// What providers sign with today.
  public static final Set<SigningAlgorithm> ALGORITHMS =
      Set.of(SigningAlgorithm.RS256, SigningAlgorithm.PS256, SigningAlgorithm.ES256);

  public UpstreamConfig {
    if (!id.matches("[a-z0-9-]{1,40}")) {
      throw new IllegalArgumentException(
          "broker.sign_in.upstreams.id must be lower-case letters, digits and '-', not '"
              + id
              + "'");
    }
    scopes = Scopes.of("openid").union(scopes);
    algorithms = Set.copyOf(algorithms);
  }
}
