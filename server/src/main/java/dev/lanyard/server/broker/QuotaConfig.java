package dev.lanyard.server.broker;

import java.util.OptionalInt;

/// How many ID-JAGs are issued for one person, resource and calendar month (UTC).
///
/// @param warnAt from how many on an administrator is alarmed
/// @param limit how many there are at most; empty if they are only counted
public record QuotaConfig(OptionalInt warnAt, OptionalInt limit) {
  public QuotaConfig {
    if (warnAt.orElse(1) < 1 || limit.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "broker.exchange.quota: warn_at and limit must be 1 at least");
    }
    if (limit.isPresent() && warnAt.isPresent() && warnAt.getAsInt() > limit.getAsInt()) {
      throw new IllegalArgumentException(
          "broker.exchange.quota: warn_at is above the limit, so nobody would be warned");
    }
  }
}
