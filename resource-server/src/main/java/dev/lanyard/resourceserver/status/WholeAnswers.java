package dev.lanyard.resourceserver.status;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Sends requests to servers that the operator has chosen, and takes whole answers, within a time
/// and up to a size: a server, or a proxy before it, that falls silent in the middle of an answer
/// keeps nobody. The timeout of an [HttpRequest] does not do that: it ends with the head of the
/// answer. Thread-safe.
///
/// The client that cannot be steered has such bounds, but makes a connection for each request, and
/// refuses addresses inside the company.
final class WholeAnswers {
  private final HttpClient http;
  private final int mostBytes;

  /// @param mostBytes of the body of an answer
  WholeAnswers(HttpClient http, int mostBytes) {
    this.http = http;
    this.mostBytes = mostBytes;
  }

  /// @param within from now to the last byte of the answer
  /// @throws HttpTimeoutException if it takes longer; the connection is closed then
  /// @throws IOException if there is no answer, or it is larger than allowed
  HttpResponse<byte[]> to(HttpRequest request, Duration within)
      throws IOException, InterruptedException {
    var sent = http.sendAsync(request, head -> new Capped(mostBytes));
    try {
      return sent.get(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new HttpTimeoutException("no whole answer within " + within.toMillis() + " ms");
    } catch (InterruptedException e) {
      sent.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure
          ? failure
          : new IOException(String.valueOf(e.getCause()), e);
    }
  }

  /// A body up to a size.
  private static final class Capped implements BodySubscriber<byte[]> {
    private final int most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    Capped(int most) {
      this.most = most;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
      subscription = begun;
      begun.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> more) {
      for (var part : more) {
        if (body.isDone()) {
          return;
        }
        if (part.remaining() > most - bytes.size()) {
          refuse();
          return;
        }
        var copy = new byte[part.remaining()];
        part.get(copy);
        bytes.writeBytes(copy);
      }
    }

    private void refuse() {
      if (subscription != null) {
        subscription.cancel();
      }
      body.completeExceptionally(new IOException("the answer is larger than " + most + " bytes"));
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      body.complete(bytes.toByteArray());
    }
  }
}
