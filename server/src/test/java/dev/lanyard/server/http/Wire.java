package dev.lanyard.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A raw connection, for what no HTTP client would send.
final class Wire implements AutoCloseable {
  private final Socket socket;

  Wire(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /// From an address of this machine.
  Wire(String from, int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.ofLiteral(from), 0));
  }

  private Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(10_000);
  }

  /// Sends lines as they are, each with its end.
  Wire lines(String... lines) throws IOException {
    return bytes(String.join("\r\n", lines) + "\r\n");
  }

  Wire bytes(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /// Everything until the server closes the connection.
  String untilClosed() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /// One response with a Content-Length; the connection stays open.
  String oneResponse() throws IOException {
    var in = socket.getInputStream();
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after " + head);
      }
      head.write(next);
    }
    var text = head.toString(StandardCharsets.ISO_8859_1);
    int length =
        text.lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
            .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
            .findFirst()
            .orElse(0);
    return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /// Whether the server closes the connection without a word.
  boolean isClosed() throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  /// Whether the server closes the connection before so many bytes have come.
  boolean isClosedAfter(int bytes) throws IOException {
    try {
      return socket.getInputStream().readNBytes(bytes).length < bytes;
    } catch (SocketException e) {
      return true;
    }
  }

  /// Whether anything has come that was not read yet.
  boolean hasAnswer() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
