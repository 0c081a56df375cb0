package dev.lanyard.server.authorization.upstream;

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
/// @param algorithms what it may sign ID Tokens with
/// @param claims by which claims it says what
/// @param groups how its groups become groups here
/// @param graph where the groups of somebody are whose ID Token only says that there are many
/// @param domainHint in which parameter it takes the domain of whoever will probably sign in; empty
///   if it takes none
/// @param emailDomains whose e-mail addresses it hands out; see [AddressRule]
public record UpstreamConfig(
    String id,
    String name,
    Issuer issuer,
    ClientId clientId,
    Secret clientSecret,
    Scopes scopes,
    Set<SigningAlgorithm> algorithms,
    ClaimNames claims,
    GroupMapping groups,
    Optional<MicrosoftGraphConfig> graph,
    Optional<String> domainHint,
    Set<String> emailDomains) {
  /// What providers sign with today.
  public static final Set<SigningAlgorithm> ALGORITHMS =
      Set.of(SigningAlgorithm.RS256, SigningAlgorithm.PS256, SigningAlgorithm.ES256);

  /// A provider whose groups are called here as there.
  public UpstreamConfig(
      String id,
      String name,
      Issuer issuer,
      ClientId clientId,
      Secret clientSecret,
      Scopes scopes,
      Set<SigningAlgorithm> algorithms,
      ClaimNames claims) {
    this(
        id,
        name,
        issuer,
        clientId,
        clientSecret,
        scopes,
        algorithms,
        claims,
        GroupMapping.SAME,
        Optional.empty(),
        Optional.empty(),
        Set.of());
  }

  /// The same provider, which hands out the addresses of these domains.
  public UpstreamConfig withEmailDomains(Set<String> domains) {
    return new UpstreamConfig(
        id,
        name,
        issuer,
        clientId,
        clientSecret,
        scopes,
        algorithms,
        claims,
        groups,
        graph,
        domainHint,
        domains);
  }

  public UpstreamConfig {
    if (!id.matches("[a-z0-9-]{1,40}")) {
      throw new IllegalArgumentException(
          "broker.sign_in.upstreams.id must be lower-case letters, digits and '-', not '"
              + id
              + "'");
    }
    if (graph.isPresent() && claims.groups().isEmpty()) {
      throw new IllegalArgumentException(
          "broker.sign_in.upstreams.group_overage needs a groups_claim that may overflow");
    }
    scopes = Scopes.of("openid").union(scopes);
    algorithms = Set.copyOf(algorithms);
    emailDomains = Set.copyOf(emailDomains);
  }
}
