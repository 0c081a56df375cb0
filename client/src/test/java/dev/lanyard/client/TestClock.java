package dev.lanyard.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until it is told to go on.
public final class TestClock implements InstantSource {
  private volatile Instant now = Instant.parse("2026-11-23T12:00:00Z");

  public void advance(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
