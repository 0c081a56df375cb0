package dev.lanyard.server.console.governance;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// Something that costs much to find out and changes little: found out again when it is a minute
/// old, however many ask meanwhile. Thread-safe.
final class Recently<T> {
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

  private final Supplier<T> maker;
  private final InstantSource clock;
  private Optional<Made<T>> last = Optional.empty();

  Recently(Supplier<T> maker, InstantSource clock) {
    this.maker = maker;
    this.clock = clock;
  }

  /// @param at when it was found out
  record Made<T>(T what, Instant at) {}

  synchronized Made<T> get() {
    var now = clock.instant();
    var young = last.filter(one -> one.at().plus(LONG_ENOUGH).isAfter(now));
    var made = young.orElseGet(() -> new Made<>(maker.get(), now));
    last = Optional.of(made);
    return made;
  }
}
