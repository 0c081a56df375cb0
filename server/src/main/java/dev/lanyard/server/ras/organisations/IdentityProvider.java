package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Issuer;
import java.util.Optional;
import java.util.Set;

/// An identity provider that an organisation has enrolled.
///
/// @param issuer its identifier, byte for byte
/// @param algorithms what it may sign ID-JAGs with
/// @param keys which of the keys that it publishes count
/// @param tenant the only `tenant` accepted from it, if it has several
/// @param people how its subjects become people of ours
/// @param replay how often one of its ID-JAGs may be redeemed
/// @param carriesActor whether what it says in `act` goes into tokens and the audit record; it is
///   never who the client is (RAS-19)
/// @param revocationCaller what `sub` must be when it calls for a global token revocation; empty if
///   it may not
public record IdentityProvider(
    Issuer issuer,
    Set<SigningAlgorithm> algorithms,
    KeyRules keys,
    Optional<String> tenant,
    Matching people,
    ReplayPolicy replay,
    boolean carriesActor,
    Optional<String> revocationCaller) {
  /// What providers are known to sign with.
  public static final Set<SigningAlgorithm> ALGORITHMS =
      Set.of(SigningAlgorithm.ES256, SigningAlgorithm.RS256);

  public IdentityProvider {
    if (algorithms.isEmpty()) {
      throw new IllegalArgumentException(
          "ras.organisations.issuers.algorithms must not be empty for " + issuer);
    }
    algorithms = Set.copyOf(algorithms);
    if (tenant.isPresent() && revocationCaller.isPresent()) {
      throw new IllegalArgumentException(
          "ras.organisations.issuers.revocation_caller: a call does not say which tenant of "
              + issuer
              + " it is about; leave it out");
    }
  }

  /// A provider all of whose keys count, whose actors are not passed on, and which may not call.
  public IdentityProvider(
      Issuer issuer,
      Set<SigningAlgorithm> algorithms,
      Optional<String> tenant,
      Matching people,
      ReplayPolicy replay) {
    this(issuer, algorithms, KeyRules.ALL, tenant, people, replay, false, Optional.empty());
  }
}
