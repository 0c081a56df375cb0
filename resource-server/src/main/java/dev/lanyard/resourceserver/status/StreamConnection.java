package dev.lanyard.resourceserver.status;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.revocation.StreamMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One response that brings messages until it ends. One thread reads; another may close.
final class StreamConnection implements AutoCloseable {
  /// The server says something every second.
  private static final Duration SILENCE = Duration.ofSeconds(4);

  private final InputStream body;
  private final EventReader events;
  private volatile long heard = System.nanoTime();

  private StreamConnection(InputStream body) {
    this.body = body;
    this.events = new EventReader(body, () -> heard = System.nanoTime());
  }

  /// @throws IOException if the server does not answer with a stream
  static StreamConnection open(HttpClient http, HttpRequest request)
      throws IOException, InterruptedException {
    var response = answer(http.sendAsync(request, BodyHandlers.ofInputStream()));
    var type = response.headers().firstValue("Content-Type").orElse("");
    if (response.statusCode() != 200 || !type.startsWith("text/event-stream")) {
      response.body().close();
      throw new IOException("the server answered " + response.statusCode() + " " + type);
    }
    return new StreamConnection(response.body());
  }

  /// The head of the answer; what follows takes as long as it likes.
  private static <T> HttpResponse<T> answer(CompletableFuture<HttpResponse<T>> sent)
      throws IOException, InterruptedException {
    try {
      return sent.get(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new IOException("no answer within " + SILENCE.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      sent.cancel(true);
      throw e;
    }
  }

  /// The next message; empty at the end.
  Optional<StreamMessage> next() throws IOException, MalformedException {
    var event = events.next();
    return event.isEmpty()
        ? Optional.empty()
        : Optional.of(StreamMessage.parse(event.get().name(), event.get().data()));
  }

  /// Whether nothing has come for so long that the connection must be dead.
  boolean isSilent() {
    return System.nanoTime() - heard > SILENCE.toNanos();
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      // It is of no use any more either way.
    }
  }
}
