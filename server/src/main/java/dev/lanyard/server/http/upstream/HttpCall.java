package dev.lanyard.server.http.upstream;

import dev.lanyard.server.http.upstream.UpstreamAnswer.Answered;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Cause;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Failed;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.ByteBufferRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.CyclicTimeouts;
import org.jspecify.annotations.Nullable;

/// A request that is under way over HTTP.
final class HttpCall implements UpstreamCall, CyclicTimeouts.Expirable {
  private final Request request;
  private final URI url;
  private final Patience patience;
  private final AwaitedAnswer answer = new AwaitedAnswer();
  private volatile boolean connected;
  private volatile boolean written;
  private volatile @Nullable Answered begun;
  private volatile long until = Long.MAX_VALUE;
  private volatile String silence = "";

  HttpCall(HttpClient client, Patience patience, UpstreamRequest of) {
    this.patience = patience;
    this.url = of.url();
    request = client.newRequest(of.url()).method(of.method()).idleTimeout(0, TimeUnit.SECONDS);
    request.headers(headers -> {
      headers.remove(HttpHeader.ACCEPT_ENCODING);
      of.headers().forEach(field -> headers.put(field.name(), field.value()));
    });
    if (of.body().hasRemaining()) {
      request.body(new ByteBufferRequestContent("application/json", of.body().slice()));
    }
    request.onRequestBegin(_ -> connected = true);
    request.onRequestCommit(_ -> written = true);
    request.onResponseContentSource((response, source) -> {
      var headers =
          response.getHeaders().stream()
              .map(field -> new Field(field.getName(), field.getValue()))
              .toList();
      var body = new UpstreamBody(source, this::abort);
      var head = new Answered(response.getStatus(), headers, body);
      begun = head;
      // What has come with the head is taken here, where no thread has to be woken for it.
      body.takeEarly();
      answer.complete(head);
    });
  }

  void send() {
    request.send(this::completed);
  }

  private void completed(Result result) {
    if (result.isFailed()) {
      // What breaks off after its head is an answer whose body says so.
      var head = begun;
      answer.complete(head != null ? head : failed(result.getFailure()));
    }
  }

  private Failed failed(Throwable failure) {
    var why = Mishap.of(failure, url);
    return switch (failure) {
      case GivenUp _ -> new Failed(Cause.CUT, String.valueOf(failure.getMessage()));
      case ForbiddenAddress _ ->
          new Failed(Cause.UNREACHABLE, String.valueOf(failure.getMessage()));
      case ConnectException _, UnknownHostException _ -> new Failed(Cause.UNREACHABLE, why);
      // The client's own words for headers that are too large, or that are none.
      case IllegalArgumentException _ when !written -> new Failed(Cause.UNSENT, why);
      case HttpException _ when !written -> new Failed(Cause.UNSENT, why);
      case TimeoutException _ -> new Failed(Cause.SILENT, why);
      case SocketException _ when failure.getCause() instanceof ConnectException ->
          new Failed(Cause.UNREACHABLE, why);
      // That it was written may be told later than that the server has hung up.
      default -> new Failed(connected ? Cause.BROKEN : Cause.UNREACHABLE, why);
    };
  }

  @Override
  public UpstreamAnswer await(Duration atMost) {
    silence = "no answer within " + atMost.toMillis() + " ms";
    until = System.nanoTime() + atMost.toNanos();
    patience.begins(this);
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cut("this server stops");
      return new Failed(Cause.CUT, "this server stops");
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody completes it with an exception", e);
    } finally {
      patience.ends(this);
    }
  }

  @Override
  public long getExpireNanoTime() {
    return until;
  }

  /// Nobody waits any longer.
  void unanswered() {
    if (answer.complete(new Failed(Cause.SILENT, silence))) {
      abort(new IOException(silence));
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
    var cause = new GivenUp(why);
    answer.complete(new Failed(Cause.CUT, why));
    abort(cause);
  }

  private void abort(Throwable cause) {
    // It may have ended in this moment: then there is nothing to end.
    var _ = request.abort(cause);
  }

  /// We have ended it ourselves.
  private static final class GivenUp extends IOException {
    private static final long serialVersionUID = 1;

    GivenUp(String why) {
      super(why);
    }
  }
}
