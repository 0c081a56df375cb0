package dev.lanyard.client.flow;

import dev.lanyard.client.Access;
import dev.lanyard.client.HeldToken;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.TokenResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Judges what a token endpoint granted against what was asked for: a wider token, one for another
/// resource, or one that is not bound to our key is not used (CLI-39). Thread-safe.
public final class TokenResponseValidator {
  /// For a server that does not say how long its tokens live.
  public static final Duration ASSUMED_LIFE = Duration.ofMinutes(5);

  private final Optional<DpopSigner> dpop;
  private final InstantSource clock;

  /// @param dpop with the key that every token has to be bound to
  public TokenResponseValidator(Optional<DpopSigner> dpop, InstantSource clock) {
    this.dpop = dpop;
    this.clock = clock;
  }

  /// The key that every token has to be bound to.
  public Optional<String> thumbprint() {
    return dpop.map(DpopSigner::thumbprint);
  }

  /// @param asked the scopes of the request; none left them to policy
  /// @return granted, or stopped
  public Access judge(
      TokenResponse response, Issuer issuer, ResourceIndicator resource, Scopes asked) {
    var scopes = response.scopes().orElse(asked);
    if (isWider(scopes, asked)) {
      return new Access.Stopped(issuer + " granted more scopes than asked for");
    }
    if (!response.resources().isEmpty() && !response.resources().equals(List.of(resource))) {
      return new Access.Stopped(issuer + " granted a token for other resources than asked for");
    }
    var expected = dpop.isPresent() ? AccessTokenType.DPOP : AccessTokenType.BEARER;
    if (response.type() != expected) {
      return new Access.Stopped(issuer + " issued a " + response.type().value() + " token");
    }
    var until = clock.instant().plus(response.expiresIn().orElse(ASSUMED_LIFE));
    return new Access.Granted(
        new HeldToken(response.accessToken(), response.type(), issuer, resource, scopes, until));
  }

  /// Whoever asked for nothing in particular left the scopes to policy.
  public static boolean isWider(Scopes granted, Scopes asked) {
    return !asked.isEmpty() && !asked.containsAll(granted);
  }
}
