package dev.lanyard.server.administration;

import dev.lanyard.protocol.claims.AuthenticationContext;
import java.util.List;
import java.util.Set;

/// Which sign-ins are good enough for more than one's own page (SEC-14): those with a factor that
/// cannot be phished.
///
/// Providers say it in either of two claims, and each in words of its own; a word that is not
/// listed proves nothing.
///
/// @param demanded whether it is asked for at all
/// @param acrValues any of these as `acr` is good; they are also what the provider is asked for
/// @param methods any of these in `amr` is good
/// @spec https://openid.net/specs/openid-connect-eap-acr-values-1_0.html OpenID Connect EAP ACR
///   Values 1.0
public record SecondFactor(boolean demanded, List<String> acrValues, Set<String> methods) {
  /// `phr` and `phrh` are phishing-resistant by definition; `hwk` is a key in hardware (RFC 8176),
  /// and `fido` is what several providers say of passkeys.
  public static final SecondFactor DEFAULT =
      new SecondFactor(true, List.of("phr", "phrh"), Set.of("hwk", "fido"));

  /// A password will do.
  public static final SecondFactor NOT_DEMANDED = new SecondFactor(false, List.of(), Set.of());

  /// @throws IllegalArgumentException if it is demanded and nothing would be good enough
  public SecondFactor {
    acrValues = List.copyOf(acrValues);
    methods = Set.copyOf(methods);
    if (demanded && acrValues.isEmpty() && methods.isEmpty()) {
      throw new IllegalArgumentException(
          "second_factor: without acr_values and amr nobody could prove one");
    }
  }

  public boolean isMetBy(AuthenticationContext authentication) {
    return !demanded
        || authentication.contextClass().filter(acrValues::contains).isPresent()
        || authentication.methods().stream().anyMatch(methods::contains);
  }
}
