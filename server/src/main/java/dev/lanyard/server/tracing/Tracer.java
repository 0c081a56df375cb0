package dev.lanyard.server.tracing;

import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Decides which requests are recorded step by step. Thread-safe.
public final class Tracer {
  /// Records none, and costs nothing.
  public static final Tracer OFF = new Tracer(0, step -> {}, InstantSource.system());

  private final double share;
  private final Consumer<Step> sink;
  private final InstantSource clock;
  private final ThreadLocal<SplittableRandom> random =
      ThreadLocal.withInitial(SplittableRandom::new);

  /// @param share of all requests, from 0 to 1; by chance, whatever callers say
  /// @param sink takes every step that has ended, at once and without waiting
  public Tracer(double share, Consumer<Step> sink, InstantSource clock) {
    this.share = share;
    this.sink = sink;
    this.clock = clock;
  }

  /// Handles a request, recorded or not.
  ///
  /// @param caller what the request says of where it belongs
  /// @param name the method and the pattern of the route
  public <T> T request(Supplier<Optional<String>> caller, Supplier<String> name, Supplier<T> work) {
    if (share <= 0 || (share < 1 && random.get().nextDouble() >= share)) {
      return work.get();
    }
    var parent = caller.get().flatMap(TraceParent::parse);
    var trace = parent.map(TraceParent::trace).orElseGet(() -> digits() + digits());
    return Span.run(
        new Span(this, trace, parent.map(TraceParent::span), name.get(), Step.Kind.SERVER), work);
  }

  /// 16 hexadecimal digits that are not all zero.
  String digits() {
    long number = random.get().nextLong();
    return "%016x".formatted(number == 0 ? 1 : number);
  }

  InstantSource clock() {
    return clock;
  }

  void ended(Step step) {
    sink.accept(step);
  }
}
