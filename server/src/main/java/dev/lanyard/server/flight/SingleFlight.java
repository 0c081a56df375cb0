package dev.lanyard.server.flight;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/// Lets one of those who want the same at the same time get it for all of them; whoever wants
/// something else waits for nobody. Nothing is kept: whoever comes when it is there gets it anew.
/// Thread-safe.
///
/// A fault is a fault of all: whoever waited is thrown what the one was thrown, and nobody tries
/// again, as what has failed would be waited for once more by each.
///
/// @param <K> what is wanted
/// @param <V> what comes of it
public final class SingleFlight<K, V> {
  private final ConcurrentMap<K, CompletableFuture<V>> underWay = new ConcurrentHashMap<>();

  /// What has come of it.
  ///
  /// @param isOwn whether whoever asked has got it themselves, and did not wait for another
  public record Landed<V>(V value, boolean isOwn) {}

  /// Gets it, or waits for whoever is getting it.
  ///
  /// @throws RuntimeException what the one that gets it was thrown
  public V of(K wanted, Supplier<? extends V> by) {
    return landed(wanted, by).value();
  }

  /// The same, for whom it matters who has got it.
  ///
  /// @throws RuntimeException what the one that gets it was thrown
  public Landed<V> landed(K wanted, Supplier<? extends V> by) {
    var mine = new CompletableFuture<V>();
    var others = underWay.putIfAbsent(wanted, mine);
    if (others != null) {
      return new Landed<>(joined(others), false);
    }
    try {
      var got = by.get();
      mine.complete(got);
      return new Landed<>(got, true);
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      underWay.remove(wanted, mine);
    }
  }

  private static <V> V joined(CompletableFuture<V> others) {
    try {
      return others.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException fault ? fault : e;
    }
  }
}
