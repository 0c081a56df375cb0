package dev.lanyard.benchmarks.kill;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// Streams that people hold open at the gateways of the nodes, before an MCP server that opens
/// streams and says nothing. Tells when each of them ends.
final class GatewayStreams implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 120_000;

  private final HttpServer server;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Socket> sockets = new ArrayList<>();

  GatewayStreams(URI upstream) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream.getPort());
    server = HttpServer.create(address, 1024);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(upstream.getPath(), this::silent);
    server.start();
  }

  private void silent(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(": open\n\n".getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Opens one, and returns when it is open.
  ///
  /// @return when it has ended, by the monotonic clock
  CompletableFuture<Long> open(URI gateway, String token) throws IOException {
    var socket = new Socket(gateway.getHost(), gateway.getPort());
    sockets.add(socket);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket
        .getOutputStream()
        .write(
            ("GET "
                    + gateway.getPath()
                    + " HTTP/1.1\r\nHost: "
                    + gateway.getAuthority()
                    + "\r\nAuthorization: Bearer "
                    + token
                    + "\r\nAccept: text/event-stream\r\nMCP-Protocol-Version: 2025-11-25\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    var in = new BufferedInputStream(socket.getInputStream());
    awaitOpen(in);
    var ended = new CompletableFuture<Long>();
    Thread.ofVirtual().start(() -> ended.complete(ended(in)));
    return ended;
  }

  /// Until the first line of what the server says has come.
  private static void awaitOpen(InputStream in) throws IOException {
    var said = new StringBuilder();
    while (said.indexOf(": open\n") < 0) {
      int one = in.read();
      if (one < 0) {
        throw new IOException("a stream was not opened: " + said);
      }
      said.append((char) one);
    }
  }

  private static long ended(InputStream in) {
    try {
      // A comment now and then, which nobody looks at.
      var _ = in.transferTo(OutputStream.nullOutputStream());
    } catch (SocketException e) {
      // Cut off is ended.
      return System.nanoTime();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
    return System.nanoTime();
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    server.stop(0);
    for (var socket : sockets) {
      socket.close();
    }
  }
}
