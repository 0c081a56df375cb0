package dev.lanyard.server.authorization;

import dev.lanyard.server.authorization.upstream.AddressRule;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How people sign in at a server.
///
/// @param local the organisation whose people sign in with a password of ours, if any do
/// @param providers the OpenID Providers that sign people in
/// @param saml the SAML providers that do
/// @param realms which of them signs in whom
public record SignInWays(
    Optional<String> local, List<Provider> providers, List<SamlProvider> saml, HomeRealms realms) {
  public SignInWays {
    providers = List.copyOf(providers);
    saml = List.copyOf(saml);
  }

  /// Whoever comes chooses, and nobody comes from a SAML provider.
  public SignInWays(Optional<String> local, List<Provider> providers) {
    this(local, providers, List.of(), HomeRealms.NONE);
  }

  /// A provider, and who comes from there.
  ///
  /// @param organisation whose people they are
  public record Provider(UpstreamConfig config, String organisation) {}

  /// A SAML provider, and who comes from there.
  ///
  /// @param organisation whose people they are
  public record SamlProvider(SamlUpstreamConfig config, String organisation) {}

  /// Whether there is any way to sign in.
  public boolean letsAnybodyIn() {
    return local.isPresent() || !ids().isEmpty();
  }

  /// Whose people can sign in.
  public Set<String> organisations() {
    return Stream.of(
            local.stream(),
            providers.stream().map(Provider::organisation),
            saml.stream().map(SamlProvider::organisation))
        .flatMap(names -> names)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Whose people come from where, by the id of the provider.
  public Map<String, String> organisationsByProvider() {
    var organisations = new HashMap<String, String>();
    providers.forEach(one -> organisations.put(one.config().id(), one.organisation()));
    saml.forEach(one -> organisations.put(one.config().id(), one.organisation()));
    return Map.copyOf(organisations);
  }

  /// What people choose from.
  record Choice(String id, String name) {}

  List<Choice> buttons() {
    return Stream.concat(
            providers.stream().map(one -> new Choice(one.config().id(), one.config().name())),
            saml.stream().map(one -> new Choice(one.config().id(), one.config().name())))
        .toList();
  }

  /// Which addresses people from a provider may have.
  public AddressRule addresses(String id) {
    var organisations = organisationsByProvider();
    var domains = new HashMap<String, Set<String>>();
    providers.forEach(one -> domains.put(one.config().id(), one.config().emailDomains()));
    saml.forEach(one -> domains.put(one.config().id(), one.config().people().emailDomains()));
    boolean alone =
        domains.keySet().stream()
            .noneMatch(other ->
                !other.equals(id)
                    && Objects.equals(organisations.get(other), organisations.get(id)));
    return new AddressRule(domains.getOrDefault(id, Set.of()), alone);
  }

  List<String> ids() {
    return buttons().stream().map(Choice::id).toList();
  }
}
