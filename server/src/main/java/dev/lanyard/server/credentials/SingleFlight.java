package dev.lanyard.server.credentials;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/// Lets one of those who want the same at the same time get it for all of them. Thread-safe.
final class SingleFlight {
  private final ConcurrentMap<Object, CompletableFuture<Presented>> underWay =
      new ConcurrentHashMap<>();

  /// @throws RuntimeException what the one that did it was thrown
  Presented of(Object wanted, Supplier<Presented> by) {
    var mine = new CompletableFuture<Presented>();
    var others = underWay.putIfAbsent(wanted, mine);
    if (others != null) {
      return joined(others);
    }
    try {
      var got = by.get();
      mine.complete(got);
      return got;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      underWay.remove(wanted, mine);
    }
  }

  private static Presented joined(CompletableFuture<Presented> others) {
    try {
      return others.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException fault ? fault : e;
    }
  }
}
