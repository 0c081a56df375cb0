package dev.lanyard.server.broker;

import dev.lanyard.protocol.oauth.Issuer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// What token exchange is told beside the role library.
///
/// @param audiences how single resource authorization servers differ from the usual
/// @param upstreamTokens the providers upstream whose own ID Tokens may be exchanged
/// @param quota how many ID-JAGs a person may get; empty if nobody counts
public record ExchangeConfig(
    List<AudienceProfile> audiences,
    List<UpstreamTokens> upstreamTokens,
    Optional<QuotaConfig> quota) {
  /// Every server as usual, no ID Token but our own, nothing counted.
  public static final ExchangeConfig DEFAULT =
      new ExchangeConfig(List.of(), List.of(), Optional.empty());

  /// What a resource authorization server calls the tenant of its own whose people ours are; empty
  /// if it has no tenants, or nobody has said so.
  public Optional<String> tenantAt(Issuer server) {
    return audiences.stream()
        .filter(audience -> audience.issuer().equals(server))
        .findFirst()
        .flatMap(audience -> audience.tenants().theirs());
  }

  public ExchangeConfig {
    audiences = List.copyOf(audiences);
    upstreamTokens = List.copyOf(upstreamTokens);
    var seen = new HashSet<String>();
    for (var audience : audiences) {
      if (!seen.add(audience.issuer().value())) {
        throw new IllegalArgumentException(
            "broker.exchange.audiences names " + audience.issuer() + " twice");
      }
    }
    for (var upstream : upstreamTokens) {
      if (!seen.add(upstream.upstream())) {
        throw new IllegalArgumentException(
            "broker.exchange.upstream_id_tokens names '" + upstream.upstream() + "' twice");
      }
    }
  }
}
