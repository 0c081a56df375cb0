package dev.lanyard.protocol.claims;

import dev.lanyard.protocol.oauth.Issuer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The issuers that are trusted for one purpose. An issuer that is not among them is nobody: no
/// implementation may discover one from a token (RAS-4).
public interface TrustedIssuers {
  /// The enrolled issuer of exactly this name.
  Optional<TrustedIssuer> find(Issuer issuer);

  /// A list that does not change.
  ///
  /// @throws IllegalStateException if an issuer is named twice
  static TrustedIssuers of(List<TrustedIssuer> issuers) {
    Map<Issuer, TrustedIssuer> byName =
        issuers.stream().collect(Collectors.toMap(TrustedIssuer::issuer, Function.identity()));
    return issuer -> Optional.ofNullable(byName.get(issuer));
  }

  /// One issuer only.
  static TrustedIssuers of(TrustedIssuer only) {
    return of(List.of(only));
  }
}
