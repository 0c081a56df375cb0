package dev.lanyard.resourceserver;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenValidator;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict;
import dev.lanyard.protocol.accesstoken.Reason;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.OpaqueTokenReader.Reading;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Remembers which tokens were found valid, so that a session of many calls costs one signature
/// check, or with opaque tokens one question to the issuer. Never beyond `exp`, and never so long
/// that a withdrawn key would go on being trusted: not beyond the moment at which the source of the
/// keys learns of it, and where it cannot say so, no longer than five minutes. Thread-safe.
final class VerifiedTokens {
  private static final Duration MAX_MEMORY = Duration.ofMinutes(5);
  private static final int MAX_ENTRIES = 10_000;

  private final AccessTokenValidator validator;
  private final Optional<OpaqueTokenReader> reader;
  private final LongSupplier withdrawals;
  private final InstantSource clock;
  private final Cache<TokenHash, Verified> tokens =
      Caffeine.newBuilder().maximumSize(MAX_ENTRIES).build();

  /// @param reader says what an opaque token stands for; without it none is taken
  /// @param withdrawals changes whenever a key is withdrawn
  VerifiedTokens(
      AccessTokenValidator validator,
      Optional<OpaqueTokenReader> reader,
      LongSupplier withdrawals,
      InstantSource clock) {
    this.validator = validator;
    this.reader = reader;
    this.withdrawals = withdrawals;
    this.clock = clock;
  }

  AccessTokenVerdict judge(Secret token) {
    var hash = TokenHash.of(token);
    var now = clock.instant();
    // First this: a key that goes while the signature is checked makes the outcome count no longer.
    long before = withdrawals.getAsLong();
    var known = tokens.getIfPresent(hash);
    if (known != null && known.withdrawals == before && now.isBefore(known.until)) {
      return known.verdict;
    }
    var verdict = isOpaque(token) ? opaque(token) : validator.judge(token.reveal());
    if (verdict instanceof AccessTokenVerdict.Accepted accepted) {
      tokens.put(hash, new Verified(accepted, until(accepted.accessToken(), now), before));
    }
    return verdict;
  }

  /// Whether a token that was accepted would be again, by the keys of now. Of an opaque one only
  /// its status can say it. May block for a fetch of keys.
  boolean isStillGood(Secret token) {
    return isOpaque(token) || judge(token) instanceof AccessTokenVerdict.Accepted;
  }

  /// A JWT has dots between its parts.
  private static boolean isOpaque(Secret token) {
    return token.reveal().indexOf('.') < 0;
  }

  private AccessTokenVerdict opaque(Secret token) {
    if (reader.isEmpty()) {
      return validator.judge(token.reveal());
    }
    return switch (reader.get().read(token)) {
      case Reading.Described(var claims) -> validator.judgeVouched(claims);
      case Reading.Inactive() -> new AccessTokenVerdict.Rejected(new Reason.NotActive());
      case Reading.Unknown(var why) -> new AccessTokenVerdict.Undecided(why);
    };
  }

  private static Instant until(AccessToken token, Instant now) {
    var memory = now.plus(MAX_MEMORY);
    return token.expiresAt().isBefore(memory) ? token.expiresAt() : memory;
  }

  private record Verified(AccessTokenVerdict.Accepted verdict, Instant until, long withdrawals) {}
}
