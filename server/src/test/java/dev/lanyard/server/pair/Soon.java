package dev.lanyard.server.pair;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The way to wait for what comes about by itself, of which nobody is told. What a test has begun
/// itself is a [Meanwhile].
///
/// ```java
/// Soon.until("it is kept", () -> store.find(id).isPresent());
/// ```
public final class Soon {
  /// Longer than a machine that has much else to do takes.
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration PAUSE = Duration.ofMillis(10);

  private Soon() {}

  /// Waits until a condition holds; it is asked every 10 ms.
  ///
  /// @param what for the message
  /// @throws AssertionError if it does not hold in two minutes, or the thread is interrupted
  public static void until(String what, BooleanSupplier condition) {
    var _ = found(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /// What is there sooner or later; asked for every 10 ms.
  ///
  /// @param what for the message
  /// @throws AssertionError if it is not there in two minutes, or the thread is interrupted
  public static <T> T found(String what, Supplier<Optional<T>> look) {
    long begun = System.nanoTime();
    while (true) {
      var found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() - begun > PATIENCE.toNanos()
          || Thread.currentThread().isInterrupted()) {
        throw new AssertionError("it did not come about: " + what);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
