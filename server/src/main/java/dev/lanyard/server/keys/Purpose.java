package dev.lanyard.server.keys;

import java.time.Duration;
import java.util.Optional;

/// What a key signs; no key signs two kinds of tokens (KEY-6).
public enum Purpose {
  ID_TOKEN("id-token", Duration.ofHours(24)),
  USER_INFO("user-info", Duration.ofHours(24)),
  ID_JAG("id-jag", Duration.ofMinutes(10)),
  ACCESS_TOKEN("access-token", Duration.ofHours(24)),
  INTROSPECTION("introspection", Duration.ofDays(1)),
  STATUS_LIST("status-list", Duration.ofHours(1)),
  SECURITY_EVENT("security-event", Duration.ofDays(30)),
  LOGOUT_TOKEN("logout-token", Duration.ofDays(1)),
  REVOCATION_CALL("revocation-call", Duration.ofDays(1)),
  /// Auditors verify receipts years later, so their keys stay published.
  RECEIPT("receipt", Optional.empty()),
  /// The same with policy reviews.
  REVIEW("review", Optional.empty());

  private final String value;
  private final Optional<Duration> life;

  Purpose(String value, Duration life) {
    this(value, Optional.of(life));
  }

  Purpose(String value, Optional<Duration> life) {
    this.value = value;
    this.life = life;
  }

  /// As it is recorded.
  public String value() {
    return value;
  }

  /// How long after its signing something may still have to be verified, whatever is configured;
  /// empty if for ever.
  Optional<Duration> life() {
    return life;
  }

  static Optional<Purpose> of(String value) {
    for (var purpose : values()) {
      if (purpose.value.equals(value)) {
        return Optional.of(purpose);
      }
    }
    return Optional.empty();
  }
}
