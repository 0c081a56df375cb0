package dev.lanyard.server.stdio;

import dev.lanyard.server.http.upstream.AwaitedAnswer;
import dev.lanyard.server.http.upstream.Field;
import dev.lanyard.server.http.upstream.UpstreamAnswer;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Answered;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Cause;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Failed;
import dev.lanyard.server.http.upstream.UpstreamCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A request that is under way to a process: answered by one message, or by a stream of them if the
/// process has more to say before. Thread-safe.
final class StdioCall implements UpstreamCall {
  private static final Field JSON = new Field("Content-Type", "application/json");
  private static final Field EVENTS = new Field("Content-Type", "text/event-stream");

  private final AwaitedAnswer answer = new AwaitedAnswer();
  private final List<Field> headers;
  private final EventQueue events;
  private final Translation translation;
  private final Runnable onCut;

  /// @param headers of whatever is answered
  /// @param most bytes that may wait for the client
  /// @param onCut called when nobody waits for the answer any more
  StdioCall(List<Field> headers, int most, Runnable onCut) {
    this(headers, most, Translation.NONE, onCut);
  }

  /// @param translation of what the process says
  StdioCall(List<Field> headers, int most, Translation translation, Runnable onCut) {
    this.headers = List.copyOf(headers);
    this.events = new EventQueue(most, onCut);
    this.translation = translation;
    this.onCut = onCut;
  }

  /// One that is answered already.
  static StdioCall answered(int status, byte[] json, Field... headers) {
    var call = new StdioCall(List.of(headers), Integer.MAX_VALUE, () -> {});
    call.answer.complete(
        new Answered(
            status, json.length == 0 ? call.headers : call.with(JSON), EventQueue.of(json)));
    return call;
  }

  private List<Field> with(Field type) {
    var all = new ArrayList<>(headers);
    all.add(type);
    return all;
  }

  /// A stream begins.
  void open() {
    answer.complete(new Answered(200, with(EVENTS), events));
  }

  /// Something that is said before, or beside, the answer.
  void event(byte[] message) {
    open();
    events.event(translation.said(message));
  }

  /// The answer.
  void finish(byte[] message) {
    var told = translation.answered(message);
    int status = translation.status(told);
    if (!answer.complete(new Answered(status, with(JSON), EventQueue.of(told)))) {
      events.event(told);
      events.end();
    }
  }

  /// The client has taken it back: there is no answer, and nobody has failed.
  void cancelled() {
    open();
    events.end();
  }

  /// The stream is over.
  void end() {
    events.end();
  }

  @Override
  public UpstreamAnswer await(Duration atMost) {
    try {
      return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      give(new Failed(Cause.SILENT, "no answer within " + atMost.toMillis() + " ms"));
      return answer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cut("this server stops");
      return answer.join();
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody completes it with an exception", e);
    }
  }

  private void give(Failed up) {
    if (answer.complete(up)) {
      onCut.run();
    }
  }

  @Override
  public Optional<UpstreamAnswer> peek(Duration atMost) {
    return answer.peek(atMost);
  }

  @Override
  public void onAnswer(Runnable listener) {
    var _ = answer.thenRun(listener);
  }

  @Override
  public void cut(String why) {
    give(new Failed(Cause.CUT, why));
    events.breakOff(why);
  }
}
