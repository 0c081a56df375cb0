package dev.lanyard.server.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A server upstream that answers exactly the bytes that a test wants, good or bad, and keeps what
/// it was sent.
final class Upstream implements AutoCloseable {
  private volatile ServerSocket listening;
  private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  private volatile Script script =
      (_, wire) -> wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");

  private Upstream(ServerSocket listening) {
    this.listening = listening;
  }

  /// A request as it arrived; header names in lower case.
  record Seen(String method, String path, Map<String, String> headers, String body) {}

  /// What it answers. The connection ends when it returns.
  @FunctionalInterface
  interface Script {
    void answer(Seen request, Wire wire) throws IOException, InterruptedException;
  }

  /// The bytes back.
  record Wire(OutputStream out, Socket socket) {
    void raw(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    void head(int status, String... headers) throws IOException {
      var more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      raw("HTTP/1.1 " + status + " X\r\nConnection: close\r\n" + more + "\r\n");
    }

    void json(String body, String... headers) throws IOException {
      var more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      raw(
          "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n"
              + more
              + "Content-Length: "
              + length
              + "\r\n\r\n"
              + body);
    }

    void events() throws IOException {
      head(200, "Content-Type: text/event-stream");
    }

    void event(String data) throws IOException {
      raw("event: message\ndata: " + data + "\n\n");
    }

    /// Whether the gateway has ended the connection.
    boolean isGone() throws IOException {
      socket.setSoTimeout(20_000);
      try {
        return socket.getInputStream().read() < 0;
      } catch (SocketException e) {
        return true;
      }
    }
  }

  static Upstream start() {
    try {
      var upstream = new Upstream(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      Thread.ofVirtual().start(upstream::accept);
      return upstream;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes no connection any more, as a server that is being restarted.
  void stops() {
    close();
  }

  /// Takes connections again at the same address.
  void startsAgain() {
    try {
      int port = listening.getLocalPort();
      listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::accept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    var at = listening;
    while (!at.isClosed()) {
      try {
        var socket = at.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var request = read(new BufferedInputStream(socket.getInputStream()));
      seen.add(request);
      script.answer(request, new Wire(socket.getOutputStream(), socket));
    } catch (IOException e) {
      // The other side has gone, as some tests want it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Seen read(InputStream in) throws IOException {
    var line = line(in).split(" ", -1);
    var headers = new TreeMap<String, String>();
    for (var header = line(in); !header.isEmpty(); header = line(in)) {
      var parts = header.split(":", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Seen(line[0], line[1], headers, body);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int one = in.read(); one != '\n'; one = in.read()) {
      if (one < 0) {
        throw new IOException("the request ends within its head");
      }
      if (one != '\r') {
        line.write(one);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  void answers(Script with) {
    script = with;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/mcp");
  }

  /// The next request that has arrived.
  Seen next() {
    try {
      var request = seen.poll(20, TimeUnit.SECONDS);
      if (request == null) {
        throw new AssertionError("nothing has arrived upstream");
      }
      return request;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /// How many requests have arrived that nobody has asked for yet.
  int count() {
    return seen.size();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
