package dev.lanyard.resourceserver;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.revocation.Notice;
import dev.lanyard.protocol.revocation.Notice.Kind;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What died before its time, as far as it was told: in memory, asked at every call. Thread-safe.
final class DeniedTokens {
  private final Map<Kind, ConcurrentHashMap<String, Notice>> notices = new EnumMap<>(Kind.class);

  DeniedTokens() {
    for (var kind : Kind.values()) {
      notices.put(kind, new ConcurrentHashMap<>());
    }
  }

  void add(List<Notice> told) {
    for (var notice : told) {
      of(notice.kind()).merge(notice.mark(), notice, Notice::newer);
    }
  }

  /// The kind of the denial by which a token is dead; empty if it lives.
  Optional<Kind> denialOf(AccessToken token) {
    for (var entry : notices.entrySet()) {
      // Most kinds are empty most of the time, and a mark costs a hash.
      if (!entry.getValue().isEmpty() && isDenied(entry.getKey(), entry.getValue(), token)) {
        return Optional.of(entry.getKey());
      }
    }
    return Optional.empty();
  }

  private static boolean isDenied(
      Kind kind, ConcurrentHashMap<String, Notice> told, AccessToken token) {
    return Notice.markOf(kind, token)
        .flatMap(mark -> Optional.ofNullable(told.get(mark)))
        .filter(notice -> notice.kills(token.issuedAt()))
        .isPresent();
  }

  /// Drops what no longer has anything to kill.
  void forget(Instant now) {
    notices
        .values()
        .forEach(told -> told.values().removeIf(notice -> notice.forgetAfter().isBefore(now)));
  }

  int size() {
    return notices.values().stream().mapToInt(Map::size).sum();
  }

  private ConcurrentHashMap<String, Notice> of(Kind kind) {
    return Optional.ofNullable(notices.get(kind)).orElseThrow();
  }
}
