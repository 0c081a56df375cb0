package dev.lanyard.server.authorization;

import java.util.List;
import java.util.Optional;

/// How people sign in at a server.
///
/// @param local the organisation whose people sign in with a password of ours, if any do
/// @param providers the OpenID Providers that sign people in
public record SignInWays(Optional<String> local, List<Provider> providers) {
  public SignInWays {
    providers = List.copyOf(providers);
  }

  /// A provider, and who comes from there.
  ///
  /// @param organisation whose people they are
  public record Provider(UpstreamConfig config, String organisation) {}

  List<UpstreamConfig> upstreams() {
    return providers.stream().map(Provider::config).toList();
  }
}
