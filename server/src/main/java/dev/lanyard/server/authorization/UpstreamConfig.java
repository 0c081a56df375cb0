package dev.lanyard.server.authorization;

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
/// @param subjectClaim the claim by which it means a person, for ever and for all applications
///   alike: `sub`, or `oid` at Entra, whose `sub` no other system knows
public record UpstreamConfig(
    String id,
    String name,
    Issuer issuer,
    ClientId clientId,
    Secret clientSecret,
    Scopes scopes,
    Optional<String> groupsClaim,
    Set<SigningAlgorithm> algorithms,
    String subjectClaim) {
  /// What providers sign with today.
  public static final Set<SigningAlgorithm> ALGORITHMS =
      Set.of(SigningAlgorithm.RS256, SigningAlgorithm.PS256, SigningAlgorithm.ES256);

  /// The claim by which nearly every provider means a person.
  public static final String SUB = "sub";

  /// Whatever may be given to another one day, or that a person may choose (SEC-9).
  private static final Set<String> NO_SUBJECT =
      Set.of("email", "preferred_username", "upn", "unique_name", "name", "nickname");

  /// A provider that means people by `sub`.
  public UpstreamConfig(
      String id,
      String name,
      Issuer issuer,
      ClientId clientId,
      Secret clientSecret,
      Scopes scopes,
      Optional<String> groupsClaim,
      Set<SigningAlgorithm> algorithms) {
    this(id, name, issuer, clientId, clientSecret, scopes, groupsClaim, algorithms, SUB);
  }

  public UpstreamConfig {
    if (NO_SUBJECT.contains(subjectClaim)) {
      throw new IllegalArgumentException(
          "broker.sign_in.upstreams.subject_claim must be one that is never given to another"
              + " person, such as sub or oid, not '"
              + subjectClaim
              + "'");
    }
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
