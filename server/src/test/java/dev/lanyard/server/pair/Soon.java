package dev.lanyard.server.pair;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The way to wait for what comes about by itself, of which nobody is told. What a test has begun
/// itself is a [Meanwhile].
///
/// ```java
/// Soon.until("it is kept", () -> store.find(id).isPresent());
/// var kept = Soon.found("what is kept", () -> store.find(id));
/// ```
public final class Soon {
  /// Longer than a machine that has much else to do takes.
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration PAUSE = Duration.ofMillis(10);

  private Soon() {}

  /// What comes about.
  @FunctionalInterface
  public interface Condition<X extends Exception> {
    boolean holds() throws X;
  }

  /// What comes to be there.
  @FunctionalInterface
  public interface Look<T, X extends Exception> {
    Optional<T> found() throws X;
  }

  /// Waits until a condition holds; it is asked every 10 ms.
  ///
  /// @param what for the message
  /// @throws AssertionError if it does not hold in two minutes, or the thread is interrupted
  public static <X extends Exception> void until(String what, Condition<X> condition) throws X {
    var _ = found(what, () -> condition.holds() ? Optional.of(true) : Optional.empty());
  }

  /// The same where the condition says what it is about.
  ///
  /// @throws AssertionError as [#until(String, Condition)]
  public static <X extends Exception> void until(Condition<X> condition) throws X {
    until("the condition of this line", condition);
  }

  /// What is there sooner or later; asked for every 10 ms.
  ///
  /// @param what for the message
  /// @throws AssertionError if it is not there in two minutes, or the thread is interrupted
  public static <T, X extends Exception> T found(String what, Look<T, X> look) throws X {
    long begun = System.nanoTime();
    while (true) {
      var found = look.found();
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
