package dev.lanyard.benchmarks.gateway;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// One connection that sends the same request again and again, and reads just enough of the answer.
final class Wire implements GatewayBenchmark.Repeated, IdleStreams.Stream {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;
  private final byte[] request;

  Wire(int port, String request) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    this.socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
    this.request = request.getBytes(StandardCharsets.UTF_8);
  }

  /// A POST of a message.
  static String post(String token, String body) {
    return "POST"
        + head(token)
        + "Content-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /// Opens a stream.
  static String get(String token) {
    return "GET" + head(token) + "\r\n";
  }

  private static String head(String token) {
    return " /mcp HTTP/1.1\r\nHost: gateway.example\r\nAuthorization: Bearer "
        + token
        + "\r\nAccept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-11-25\r\n";
  }

  void send() throws IOException {
    socket.getOutputStream().write(request);
  }

  /// Sends, and returns when the whole answer is there.
  @Override
  public void call() throws IOException {
    send();
    int length = head();
    if (length >= 0) {
      in.skipNBytes(length);
      return;
    }
    for (int chunk = Integer.parseInt(line(), 16);
        chunk > 0;
        chunk = Integer.parseInt(line(), 16)) {
      in.skipNBytes(chunk + 2L);
    }
    var _ = line();
  }

  @Override
  public void awaitEnd() throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    while (in.read() >= 0) {
      // A comment in the silence, or the end of the last chunk.
      Thread.onSpinWait();
    }
  }

  /// Reads the head of an answer.
  ///
  /// @return the length of the body, or -1 if it comes in chunks
  int head() throws IOException {
    var status = line();
    if (!status.contains(" 200 ")) {
      throw new IOException("refused: " + status);
    }
    int length = -1;
    for (var header = line(); !header.isEmpty(); header = line()) {
      if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    return length;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int one = in.read(); one != '\n'; one = in.read()) {
      if (one < 0) {
        throw new IOException("the connection has ended");
      }
      if (one != '\r') {
        line.append((char) one);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
