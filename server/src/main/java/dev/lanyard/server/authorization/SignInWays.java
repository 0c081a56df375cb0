package dev.lanyard.server.authorization;

import java.util.List;
import java.util.Optional;

/// How people sign in at a server.
///
/// @param local the organisation whose people sign in with a password of ours, if any do
/// @param providers the OpenID Providers that sign people in
/// @param realms which of them signs in whom
public record SignInWays(Optional<String> local, List<Provider> providers, HomeRealms realms) {
  public SignInWays {
    providers = List.copyOf(providers);
  }

  /// Whoever comes chooses.
  public SignInWays(Optional<String> local, List<Provider> providers) {
    this(local, providers, HomeRealms.NONE);
  }

  /// A provider, and who comes from there.
  ///
  /// @param organisation whose people they are
  public record Provider(UpstreamConfig config, String organisation) {}

  /// What people choose from.
  record Choice(String id, String name) {}

  List<Choice> buttons() {
    return providers.stream()
        .map(Provider::config)
        .map(config -> new Choice(config.id(), config.name()))
        .toList();
  }

  List<String> ids() {
    return buttons().stream().map(Choice::id).toList();
  }
}
