package dev.lanyard.server.gateway.upstream;

import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.upstream.UpstreamCall;
import dev.lanyard.server.tracing.Span;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The answer to a call that may become a task. It is read to its end, also if nobody waits for it
/// any more: only the answer says whether there is a task, which a kill has to end at its server.
/// Thread-safe.
///
/// In 2026-07-28 a server must take it for a cancellation that nobody reads its answer any more,
/// and a call that is no task is to be cancelled; so there it is read on for a moment only.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/cancellation MCP
///   2026-07-28 Cancellation
final class OutlivedAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(OutlivedAnswer.class);

  /// As long as servers take at most to make a task, where they can.
  private static final Duration MOMENT = Duration.ofSeconds(5);

  private final UpstreamCall call;
  private final Era era;
  private final Runnable onEnd;
  private final CompletableFuture<Response> answer = new CompletableFuture<>();

  /// @param onEnd is run once, when nothing is read here any more
  OutlivedAnswer(UpstreamCall call, Era era, Runnable onEnd) {
    this.call = call;
    this.era = era;
    this.onEnd = onEnd;
  }

  /// How long an answer is read on for which nobody waits.
  ///
  /// @param limit of every answer
  static Duration patience(Era era, Duration limit) {
    return era == Era.STATELESS && MOMENT.compareTo(limit) < 0 ? MOMENT : limit;
  }

  /// Whoever waits gets this in place of the answer. Never waits.
  void replaced(Response by, String why) {
    if (answer.complete(by) && era == Era.STATELESS) {
      Thread.ofVirtual().name("moment").start(() -> cutLater(why));
    }
  }

  private void cutLater(String why) {
    try {
      Thread.sleep(MOMENT);
      call.cut(why);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits for the answer, or for what replaces it.
  ///
  /// @param read reads and judges it, on a thread of its own
  /// @param correlationId of the request
  Response awaited(Supplier<Response> read, String correlationId) {
    Thread.ofVirtual().name("task-call").start(Span.carried(() -> read(read, correlationId)));
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      call.cut("this server stops");
      return answer.join();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException fault -> throw fault;
        case Error fault -> throw fault;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private void read(Supplier<Response> read, String correlationId) {
    try {
      handOver(read.get());
    } catch (RuntimeException | Error e) {
      // What has not been read of it nobody reads.
      call.cut("it could not be judged");
      onEnd.run();
      if (!answer.completeExceptionally(e)) {
        LOG.error("{}: what has become of a call that was cut off is not known", correlationId, e);
      }
    }
  }

  /// Whoever waits may ask for the next thing as soon as they have this one.
  private void handOver(Response response) {
    boolean isWanted = !answer.isDone();
    if (isWanted) {
      onEnd.run();
    }
    if (!answer.complete(response)) {
      response.source().ifPresent(BodySource::closed);
    }
    if (!isWanted) {
      onEnd.run();
    }
  }
}
