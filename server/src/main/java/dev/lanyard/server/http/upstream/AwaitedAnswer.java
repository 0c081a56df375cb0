package dev.lanyard.server.http.upstream;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The head of an answer that is still to come. It is never completed with an exception: a failure
/// is an answer too. Thread-safe.
public final class AwaitedAnswer extends CompletableFuture<UpstreamAnswer> {
  /// The answer, if it comes in time and the thread is not interrupted; it stays interrupted.
  public Optional<UpstreamAnswer> peek(Duration atMost) {
    try {
      return Optional.of(get(atMost.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody completes it with an exception", e);
    }
  }
}
