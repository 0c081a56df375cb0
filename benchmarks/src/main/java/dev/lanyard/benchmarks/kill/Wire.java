package dev.lanyard.benchmarks.kill;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One HTTP/1.1 connection that stays open. The driver shares the cores with what it measures, so
/// it must cost little: no pool, no threads, no header map. For one thread.
final class Wire implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 120_000;

  private final URI server;
  private Socket socket;
  private InputStream in;

  Wire(URI server) throws IOException {
    this.server = server;
    this.socket = connected();
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /// @param body as the server sent it
  record Reply(int status, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private Socket connected() throws IOException {
    var opened = new Socket(server.getHost(), server.getPort());
    opened.setTcpNoDelay(true);
    opened.setSoTimeout(PATIENCE_MILLIS);
    return opened;
  }

  /// What every request to a path has in front of its body.
  String head(String method, String path, String authorization, String type) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: "
        + server.getAuthority()
        + "\r\nAuthorization: "
        + authorization
        + "\r\nContent-Type: "
        + type
        + "\r\nContent-Length: ";
  }

  Reply send(String head, String body) throws IOException {
    var bytes = (head + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1);
    socket.getOutputStream().write(bytes);
    return reply();
  }

  private Reply reply() throws IOException {
    int status = Integer.parseInt(line().substring(9, 12));
    int length = 0;
    boolean chunked = false;
    boolean closes = false;
    for (var header = line(); !header.isEmpty(); header = line()) {
      var lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = true;
      } else if (lower.equals("connection: close")) {
        closes = true;
      }
    }
    var body = chunked ? chunks() : exactly(length);
    if (closes) {
      close();
      socket = connected();
      in = new BufferedInputStream(socket.getInputStream());
    }
    return new Reply(status, body);
  }

  private byte[] chunks() throws IOException {
    var all = new ByteArrayOutputStream();
    for (int size = chunk(); size > 0; size = chunk()) {
      all.write(exactly(size));
      var _ = line();
    }
    var _ = line();
    return all.toByteArray();
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line().strip(), 16);
  }

  private byte[] exactly(int length) throws IOException {
    var bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the answer was cut");
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("no answer from " + server);
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
