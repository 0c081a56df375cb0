package dev.lanyard.server.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A stream at the gateway, read line by line.
final class Streams implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader lines;

  /// The gateway says something now and then, so a reader that waits for something else would wait
  /// for ever.
  private final long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();

  private Streams(Socket socket) throws IOException {
    this.socket = socket;
    this.lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /// Opens one as a client of 2025-11-25 does.
  static Streams open(Fronted fronted, String token, String... headers) {
    return open(fronted.port(), token, headers);
  }

  static Streams open(int port, String token, String... headers) {
    var text = new StringBuilder("GET /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
    Fronted.headers(token, "2025-11-25")
        .forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
    for (var header : headers) {
      text.append(header).append("\r\n");
    }
    return sent(port, text + "\r\n");
  }

  /// The answer to a message, as a client of 2026-07-28 reads it.
  static Streams posted(int port, Map<String, String> headers, String message) {
    var text = new StringBuilder("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
    headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
    text.append("Content-Type: application/json\r\nContent-Length: ").append(message.length());
    return sent(port, text + "\r\n\r\n" + message);
  }

  private static Streams sent(int port, String request) {
    try {
      var socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new Streams(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Everything that comes until it ends.
  static String all(Fronted fronted, String token) {
    try (var stream = open(fronted, token, "Connection: close")) {
      var all = new StringBuilder();
      for (var line = stream.line(); line.isPresent(); line = stream.line()) {
        all.append(line.get()).append('\n');
      }
      return all.toString();
    }
  }

  /// The next line; empty if there is none any more, however it ended.
  Optional<String> line() {
    if (System.nanoTime() > until) {
      throw new AssertionError("it is not on the stream");
    }
    try {
      return Optional.ofNullable(lines.readLine());
    } catch (SocketException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads until a line that contains this.
  void await(String text) {
    for (var line = line(); ; line = line()) {
      if (line.orElseThrow(() -> new AssertionError("the stream ended without " + text))
          .contains(text)) {
        return;
      }
    }
  }

  /// Reads until it ends; fails if it goes on.
  void awaitEnd() {
    var line = line();
    while (line.isPresent()) {
      line = line();
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
