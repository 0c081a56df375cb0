package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Issuer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Identity providers whose issuers have a form that can be checked before anything is fetched: the
/// most frequent mistake is an identifier that is nearly right (INT-5). The names are kept in the
/// database.
public enum Preset {
  /// Okta issues ID-JAGs from the organisation's own authorization server only (INT-1).
  OKTA("Okta", "https://acme.okta.com", Set.of(SigningAlgorithm.RS256)) {
    @Override
    public Optional<String> fault(Issuer issuer) {
      return issuer.uri().getRawPath().isEmpty()
          ? Optional.empty()
          : Optional.of(
              "Okta issues ID-JAGs from the org authorization server: the issuer is the address of"
                  + " your Okta alone, such as https://acme.okta.com, without a slash at the end"
                  + " and without /oauth2/default");
    }
  },

  /// Identity that Claude issues itself.
  CLAUDE(
      "Claude-issued identity",
      "https://identity.anthropic.com/issuers/…",
      IdentityProvider.ALGORITHMS) {
    @Override
    public Optional<String> fault(Issuer issuer) {
      return issuer.value().matches("https://identity\\.anthropic\\.com/issuers/[A-Za-z0-9_-]+")
          ? Optional.empty()
          : Optional.of(
              "identity that Claude issues has an issuer of the form"
                  + " https://identity.anthropic.com/issuers/ and the id of your organisation");
    }
  },

  /// PingFederate from 13.1 on.
  PING_FEDERATE("PingFederate", "https://sso.acme.example", IdentityProvider.ALGORITHMS),

  /// Lanyard's identity broker.
  LANYARD(
      "Lanyard's identity broker", "https://broker.acme.example", Set.of(SigningAlgorithm.ES256)),

  /// Any other.
  OTHER("another identity provider", "https://login.acme.example", IdentityProvider.ALGORITHMS);

  private final String title;
  private final String example;

  @SuppressWarnings("ImmutableEnumChecker") // Made by Set.of.
  private final Set<SigningAlgorithm> algorithms;

  Preset(String title, String example, Set<SigningAlgorithm> algorithms) {
    this.title = title;
    this.example = example;
    this.algorithms = algorithms;
  }

  /// What is wrong with an issuer of this sort, for people.
  public Optional<String> fault(Issuer issuer) {
    return Optional.empty();
  }

  /// What it is called.
  public String title() {
    return title;
  }

  /// An issuer of this sort.
  public String example() {
    return example;
  }

  /// What it signs with unless somebody says otherwise.
  public Set<SigningAlgorithm> algorithms() {
    return algorithms;
  }

  /// As it is kept, in commands and forms.
  public String value() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<Preset> of(String value) {
    for (var preset : values()) {
      if (preset.value().equals(value)) {
        return Optional.of(preset);
      }
    }
    return Optional.empty();
  }
}
