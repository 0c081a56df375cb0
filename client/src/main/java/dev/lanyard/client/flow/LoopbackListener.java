package dev.lanyard.client.flow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A port on loopback that waits for a browser to come back, on any port that is free, and only as
/// long as the sign-in lasts.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8252.html#section-7.3 RFC 8252 §7.3
public final class LoopbackListener implements AutoCloseable {
  /// Not the one that the JVM prefers, which may be ::1.
  private static final String HOST = "127.0.0.1";

  private static final String PATH = "/callback";

  private final HttpServer server;

  /// One thread for each request: whoever connects and says nothing holds up no browser.
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private final CompletableFuture<String> answer = new CompletableFuture<>();
  private volatile Predicate<String> expected = query -> false;

  private LoopbackListener(HttpServer server) {
    this.server = server;
    server.createContext(PATH, this::receive);
    server.setExecutor(threads);
    server.start();
  }

  /// @throws IOException if there is no loopback interface to listen on
  public static LoopbackListener open() throws IOException {
    return on(0);
  }

  /// On this port if it is free, else on any: for servers that compare the port with the one that
  /// was registered, although they must not.
  ///
  /// @throws IOException as above
  public static LoopbackListener openNear(int port) throws IOException {
    try {
      return on(port);
    } catch (IOException e) {
      return on(0);
    }
  }

  private static LoopbackListener on(int port) throws IOException {
    var address = new InetSocketAddress(InetAddress.getByName(HOST), port);
    return new LoopbackListener(HttpServer.create(address, 0));
  }

  /// Where the browser has to come back to.
  public URI redirectUri() {
    return URI.create("http://" + HOST + ":" + server.getAddress().getPort() + PATH);
  }

  /// Sends a browser off and waits for it to come back. What is no answer to this sign-in is turned
  /// away, so that no page that is open in the browser can end it.
  ///
  /// @param browser opens the URL; not through a shell (CLI-16)
  /// @return the query of the redirect, to be judged; empty if nobody came in time
  public Optional<String> ask(
      AuthorizationRequest pending, Consumer<URI> browser, Duration patience)
      throws InterruptedException {
    expected = pending::isAnsweredBy;
    browser.accept(pending.authorizationUrl());
    try {
      return Optional.of(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the callback failed", e.getCause());
    }
  }

  private void receive(HttpExchange exchange) throws IOException {
    var query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    boolean isAnswer = expected.test(query);
    var text =
        isAnswer ? "You can close this window." : "This is not the sign-in that was waited for.";
    var page = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "text/plain; charset=utf-8");
    exchange.getResponseHeaders().add("Cache-Control", "no-store");
    exchange.getResponseHeaders().add("Referrer-Policy", "no-referrer");
    exchange.sendResponseHeaders(isAnswer ? 200 : 400, page.length);
    exchange.getResponseBody().write(page);
    exchange.close();
    if (isAnswer) {
      answer.complete(query);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
