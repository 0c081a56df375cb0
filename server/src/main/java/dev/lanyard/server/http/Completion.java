package dev.lanyard.server.http;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of an answer that is written piece by piece: whichever is told first, success or
/// failure, counts, and nothing after it. Thread-safe.
final class Completion {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  private final Callback callback;
  private final Runnable onEnd;
  private final String failure;
  private final AtomicBoolean ended = new AtomicBoolean();

  /// @param callback told how it ended
  /// @param onEnd run once, before that
  /// @param failure what has happened if it fails, for the log
  Completion(Callback callback, Runnable onEnd, String failure) {
    this.callback = callback;
    this.onEnd = onEnd;
    this.failure = failure;
  }

  boolean isOver() {
    return ended.get();
  }

  void succeed() {
    if (first()) {
      callback.succeeded();
    }
  }

  void fail(Throwable cause) {
    if (first()) {
      LOG.debug("{}: {}", failure, cause.toString());
      callback.failed(cause);
    }
  }

  private boolean first() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    onEnd.run();
    return true;
  }
}
