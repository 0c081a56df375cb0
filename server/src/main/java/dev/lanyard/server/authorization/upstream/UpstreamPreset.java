package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Scopes;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What is known of one vendor's OpenID Provider.
///
/// @param id its word in the configuration
/// @param name for people
/// @param issuer what its identifier looks like
/// @param scopes what to ask for, beside `openid`
/// @param claims by which claims it says what
/// @param required the claims that an administrator must demand a value of
/// @param algorithms what it signs ID Tokens with
/// @param domainHint in which parameter it takes the domain of whoever will sign in
/// @param graph where the groups of people with many groups are
/// @param logout how it tells of a sign-out
/// @param recipe where its set-up is written down
/// @param notes what people stumble over
public record UpstreamPreset(
    String id,
    String name,
    IssuerForm issuer,
    Scopes scopes,
    ClaimNames claims,
    Set<String> required,
    Set<SigningAlgorithm> algorithms,
    Optional<String> domainHint,
    Optional<URI> graph,
    Logout logout,
    String recipe,
    List<String> notes) {

  public UpstreamPreset {
    required = Set.copyOf(required);
    algorithms = Set.copyOf(algorithms);
    notes = List.copyOf(notes);
  }

  /// What an issuer looks like.
  ///
  /// @param form with what is to be filled in, in capitals
  /// @param pattern what nearly every one matches; a domain of the customer's own may differ
  public record IssuerForm(String form, Optional<Pattern> pattern) {
    /// Whether an issuer looks like one of this vendor.
    public boolean isLike(String issuer) {
      return pattern.isEmpty() || pattern.get().matcher(issuer).matches();
    }
  }

  /// How a provider tells of a sign-out or a lock.
  public enum Logout {
    /// It sends logout tokens.
    BACK_CHANNEL("back-channel"),
    /// It calls Global Token Revocation.
    UNIVERSAL_LOGOUT("universal-logout"),
    /// By the browser only, which tells a server nothing.
    FRONT_CHANNEL("front-channel"),
    /// Not at all.
    NONE("none");

    private final String value;

    Logout(String value) {
      this.value = value;
    }

    static Logout named(String text) {
      for (var logout : values()) {
        if (logout.value.equals(text)) {
          return logout;
        }
      }
      throw new IllegalArgumentException("'" + text + "' is no way to tell of a logout");
    }
  }
}
