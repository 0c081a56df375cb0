package dev.lanyard.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/// Writes the events of one source to one peer, without a thread that waits: the next ones are
/// asked for when the peer has taken the last.
final class EventStream extends IteratingCallback implements EventSource.Listener {
  /// Makes the headers leave at once, and says to proxies that this goes on.
  private static final String GREETING = ": open\n\n";

  private final EventSource source;
  private final org.eclipse.jetty.server.Response out;
  private final Duration patience;
  private final Completion completion;
  private volatile boolean ending;
  private volatile long writing;
  private boolean greeted;
  private boolean ended;

  /// @param patience how long the peer may take for what was written
  /// @param onClosed called once when it has ended
  EventStream(
      EventSource source,
      org.eclipse.jetty.server.Response out,
      Callback callback,
      Duration patience,
      Consumer<EventStream> onClosed) {
    this.source = source;
    this.out = out;
    this.patience = patience;
    this.completion =
        new Completion(
            callback,
            () -> {
              onClosed.accept(this);
              source.closed();
            },
            "a stream of events ends");
  }

  void start() {
    source.opened(this);
    iterate();
  }

  @Override
  public void wake() {
    long since = writing;
    if (since != 0 && System.nanoTime() - since > patience.toNanos()) {
      completion.fail(new IOException("the peer takes no more events"));
    } else {
      iterate();
    }
  }

  @Override
  public void end() {
    ending = true;
    iterate();
  }

  @Override
  protected Action process() {
    writing = 0;
    if (ended) {
      return Action.SUCCEEDED;
    }
    var text = greeted ? source.next().orElse("") : GREETING;
    greeted = true;
    if (text.isEmpty() && !ending) {
      return Action.IDLE;
    }
    ended = text.isEmpty();
    writing = System.nanoTime() | 1;
    out.write(ended, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onCompleteSuccess() {
    completion.succeed();
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    completion.fail(cause);
  }
}
