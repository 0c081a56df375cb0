package dev.lanyard.client.ema;

import dev.lanyard.client.ClientRegistration;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an administrator configures for one client program.
///
/// @param identityProvider who signs people in and issues ID-JAGs
/// @param atIdentityProvider what this client is there
/// @param atResourceServers what this client is at each resource authorization server. No token is
///   ever asked for at a server that is not named here, whatever a resource says (CLI-6, CLI-14)
/// @param resubmitAt the resource authorization servers known to redeem an ID-JAG more than once
/// @param dpopKey to bind every token to; empty for bearer tokens
/// @param details what is asked for at single resources beside scopes
public record EmaConfig(
    Issuer identityProvider,
    ClientRegistration atIdentityProvider,
    Map<Issuer, ClientRegistration> atResourceServers,
    Set<Issuer> resubmitAt,
    Optional<SigningKey> dpopKey,
    Map<ResourceIndicator, AuthorizationDetails> details) {

  public EmaConfig {
    atResourceServers = Map.copyOf(atResourceServers);
    resubmitAt = Set.copyOf(resubmitAt);
    details = Map.copyOf(details);
  }

  /// Registered nowhere else yet, bearer tokens.
  public EmaConfig(Issuer identityProvider, ClientRegistration atIdentityProvider) {
    this(identityProvider, atIdentityProvider, Map.of(), Set.of(), Optional.empty(), Map.of());
  }

  /// The same, and registered at one more resource authorization server.
  public EmaConfig registeredAt(Issuer server, ClientRegistration registration) {
    var all = new HashMap<>(atResourceServers);
    all.put(server, registration);
    return new EmaConfig(identityProvider, atIdentityProvider, all, resubmitAt, dpopKey, details);
  }

  /// The same, and a live ID-JAG is submitted again there before a new one is asked for.
  public EmaConfig resubmittingAt(Issuer server) {
    var all = new HashSet<>(resubmitAt);
    all.add(server);
    return new EmaConfig(
        identityProvider, atIdentityProvider, atResourceServers, all, dpopKey, details);
  }

  /// The same with every token bound to this key.
  public EmaConfig boundTo(SigningKey key) {
    return new EmaConfig(
        identityProvider,
        atIdentityProvider,
        atResourceServers,
        resubmitAt,
        Optional.of(key),
        details);
  }

  /// The same, and every ID-JAG for this resource is asked for with these authorization details.
  /// What the person may not have of them is narrowed, or refused, by policy there.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc9396.html#section-6 RFC 9396 §6
  public EmaConfig asking(ResourceIndicator resource, AuthorizationDetails wanted) {
    var all = new HashMap<>(details);
    all.put(resource, wanted);
    return new EmaConfig(
        identityProvider, atIdentityProvider, atResourceServers, resubmitAt, dpopKey, all);
  }
}
