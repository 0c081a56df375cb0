package dev.lanyard.server.pair;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Something that goes on beside a test, on a thread of its own. What it throws the test throws, at
/// once: nobody waits for what has failed, and nothing fails unseen.
///
/// ```java
/// var answer = Meanwhile.does(() -> desk.redeem(assertion));
/// answer.until(() -> provider.calls() > 0);
/// assertThat(answer.outcome().status()).isEqualTo(200);
/// ```
///
/// @param <T> what comes of it
public final class Meanwhile<T> {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final CompletableFuture<T> outcome = new CompletableFuture<>();

  private Meanwhile() {}

  /// Begins it.
  public static <T> Meanwhile<T> does(Callable<T> what) {
    var begun = new Meanwhile<T>();
    Thread.ofPlatform().daemon().start(() -> begun.run(what));
    return begun;
  }

  private void run(Callable<T> what) {
    try {
      outcome.complete(what.call());
    } catch (Throwable e) {
      outcome.completeExceptionally(e);
    }
  }

  /// Whether something can be said of the whole.
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  /// Waits until a condition holds that this is to bring about.
  ///
  /// @throws AssertionError if it has failed, or the condition does not hold in two minutes
  public void until(Condition condition) throws Exception {
    until(List.of(this), condition);
  }

  /// Waits until a condition holds that several of them are to bring about.
  ///
  /// @throws AssertionError if one has failed, or the condition does not hold in two minutes
  public static void until(List<? extends Meanwhile<?>> all, Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      for (var one : all) {
        if (one.outcome.isCompletedExceptionally()) {
          one.outcome();
        }
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("it did not come about in " + PATIENCE);
      }
      Thread.sleep(1);
    }
  }

  /// What came of it, once it has ended.
  ///
  /// @throws AssertionError if it has failed, with what it threw; or if it does not end in two
  ///   minutes
  public T outcome() throws InterruptedException {
    try {
      return outcome.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("what goes on beside the test has failed", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("what goes on beside the test did not end in " + PATIENCE, e);
    }
  }
}
