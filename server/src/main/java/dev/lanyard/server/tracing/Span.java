package dev.lanyard.server.tracing;

import dev.lanyard.server.tracing.Step.Kind;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// A step that is under way, on the thread that does it. Where no request is recorded, every method
/// here does nothing but what it is given to do.
public final class Span {
  private static final ScopedValue<Span> CURRENT = ScopedValue.newInstance();

  private final Tracer tracer;
  private final TraceParent self;
  private final Optional<String> parent;
  private final String name;
  private final Kind kind;
  private final Instant begin;
  private final long began = System.nanoTime();
  private final Map<String, String> attributes = new ConcurrentHashMap<>();

  Span(Tracer tracer, String trace, Optional<String> parent, String name, Kind kind) {
    this.tracer = tracer;
    this.self = new TraceParent(trace, tracer.digits());
    this.parent = parent;
    this.name = name;
    this.kind = kind;
    this.begin = tracer.clock().instant();
  }

  static <T> T run(Span span, Supplier<T> work) {
    boolean failed = true;
    try {
      var result = ScopedValue.where(CURRENT, span).call(work::get);
      failed = false;
      return result;
    } finally {
      span.end(failed);
    }
  }

  private void end(boolean failed) {
    tracer.ended(
        new Step(
            self.trace(),
            self.span(),
            parent,
            name,
            kind,
            begin,
            System.nanoTime() - began,
            attributes,
            failed || attributes.containsKey(FAULT)));
  }

  /// The attribute by which a step says that it has met a fault.
  public static final String FAULT = "error.type";

  /// Does something as a step of what is under way.
  ///
  /// @param name one of few
  public static <T> T of(String name, Kind kind, Supplier<T> work) {
    if (!CURRENT.isBound()) {
      return work.get();
    }
    var around = CURRENT.get();
    return run(
        new Span(around.tracer, around.self.trace(), Optional.of(around.self.span()), name, kind),
        work);
  }

  /// The same work on another thread: its steps belong to what is under way here, also if that ends
  /// first.
  public static Runnable carried(Runnable work) {
    if (!CURRENT.isBound()) {
      return work;
    }
    var around = CURRENT.get();
    return () -> ScopedValue.where(CURRENT, around).run(work);
  }

  /// Says something about what is under way.
  ///
  /// @param value a word or number of ours; never a token, a person or anything else that was sent
  public static void tell(String attribute, String value) {
    if (CURRENT.isBound()) {
      CURRENT.get().attributes.put(attribute, value);
    }
  }

  /// What whoever is called now is told, so that their steps belong to ours.
  public static Map<String, String> headers() {
    return CURRENT.isBound() ? Map.of(TraceParent.HEADER, CURRENT.get().self.header()) : Map.of();
  }
}
