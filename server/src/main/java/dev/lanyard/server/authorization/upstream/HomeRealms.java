package dev.lanyard.server.authorization.upstream;

import dev.lanyard.server.directory.ALabels;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which provider signs in the people of an e-mail domain, where there are several: home-realm
/// discovery. It knows domains and no people, so it can tell nobody who exists.
///
/// @param providers the configured name of the provider, by domain as [#domain] writes it
public record HomeRealms(Map<String, String> providers) {
  /// Nobody is asked for an address.
  public static final HomeRealms NONE = new HomeRealms(Map.of());

  private static final int LONGEST_ADDRESS = 320;

  public HomeRealms {
    var canonical = new HashMap<String, String>();
    providers.forEach((domain, provider) -> canonical.put(domain(domain), provider));
    providers = Map.copyOf(canonical);
  }

  /// A domain as it is compared: A-labels in lower case.
  ///
  /// @throws IllegalArgumentException if it is none
  public static String domain(String text) {
    return ALabels.domain(text)
        .orElseThrow(() ->
            new IllegalArgumentException("'" + text + "' is not a domain such as example.com"));
  }

  /// Whether there is anything to be asked.
  public boolean areAsked() {
    return !providers.isEmpty();
  }

  /// The provider of an address.
  ///
  /// @param address untrusted
  public Optional<String> ofAddress(String address) {
    return afterAt(address).flatMap(this::ofDomain);
  }

  /// The provider of a domain.
  ///
  /// @param domain untrusted
  public Optional<String> ofDomain(String domain) {
    return ALabels.domain(domain).map(providers::get);
  }

  /// What an address has in the place of its domain.
  ///
  /// @param address untrusted
  static Optional<String> afterAt(String address) {
    int at = address.lastIndexOf('@');
    return at < 1 || address.length() > LONGEST_ADDRESS
        ? Optional.empty()
        : Optional.of(address.substring(at + 1));
  }
}
