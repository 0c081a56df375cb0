package dev.lanyard.resourceserver;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenValidator;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict;
import dev.lanyard.protocol.oauth.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Remembers which tokens were found valid, so that a session of many calls costs one signature
/// check. Never beyond `exp`, and never so long that a withdrawn key would go on being trusted.
/// Thread-safe.
final class VerifiedTokens {
  private static final Duration MAX_MEMORY = Duration.ofMinutes(5);
  private static final int MAX_ENTRIES = 10_000;

  private final AccessTokenValidator validator;
  private final InstantSource clock;
  private final Cache<TokenHash, Verified> tokens =
      Caffeine.newBuilder().maximumSize(MAX_ENTRIES).build();

  VerifiedTokens(AccessTokenValidator validator, InstantSource clock) {
    this.validator = validator;
    this.clock = clock;
  }

  AccessTokenVerdict judge(Secret token) {
    var hash = TokenHash.of(token);
    var now = clock.instant();
    var known = tokens.getIfPresent(hash);
    if (known != null && now.isBefore(known.until)) {
      return known.verdict;
    }
    var verdict = validator.judge(token.reveal());
    if (verdict instanceof AccessTokenVerdict.Accepted accepted) {
      tokens.put(hash, new Verified(accepted, until(accepted.accessToken(), now)));
    }
    return verdict;
  }

  private static Instant until(AccessToken token, Instant now) {
    var memory = now.plus(MAX_MEMORY);
    return token.expiresAt().isBefore(memory) ? token.expiresAt() : memory;
  }

  private record Verified(AccessTokenVerdict.Accepted verdict, Instant until) {}
}
