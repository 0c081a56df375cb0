package dev.lanyard.resourceserver;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until it is told to go on.
public final class TestClock implements InstantSource {
  private volatile Instant now = TestRas.NOW;

  public void advance(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
