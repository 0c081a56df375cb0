package dev.lanyard.server.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/// A raw HTTP/2 connection, for what no client would send.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9113.html#section-4 RFC 9113 §4
final class Frames implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  static final int CANCEL = 8;

  /// What a request has at least; a further field is a name and its value.
  static final String[] GET_HELLO = {
    ":method", "GET", ":scheme", "https", ":path", "/hello", ":authority", "localhost"
  };

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final SSLSocket socket;
  private final DataInputStream in;
  private final HpackDecoder decoder = new HpackDecoder(65_536, System::nanoTime);

  /// Connects, and sends the preface and no settings.
  Frames(SSLContext context, int port) throws IOException {
    this(context, port, PREFACE);
    send(SETTINGS, 0, 0, new byte[0]);
  }

  /// Connects and sends something else.
  Frames(SSLContext context, int port, String preface) throws IOException {
    socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
    socket.setSoTimeout(10_000);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    in = new DataInputStream(socket.getInputStream());
    bytes(preface.getBytes(StandardCharsets.US_ASCII));
  }

  /// One frame that has come.
  record Frame(int type, int flags, int stream, byte[] payload) {
    /// The error code of RST_STREAM and GOAWAY.
    int error() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }
  }

  Frames bytes(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  Frames send(int type, int flags, int stream, byte[] payload) throws IOException {
    return bytes(frame(type, flags, stream, payload));
  }

  static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /// A request without a body.
  Frames request(int stream, String... fields) throws IOException {
    return send(HEADERS, END_HEADERS | END_STREAM, stream, block(fields));
  }

  /// Names and values as they are, in literals that no table remembers.
  static byte[] block(String... fields) {
    var block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      block.write(0);
      literal(block, fields[i]);
      literal(block, fields[i + 1]);
    }
    return block.toByteArray();
  }

  /// As HPACK has it, without Huffman codes.
  private static void literal(ByteArrayOutputStream block, String text) {
    int length = text.length();
    if (length < 127) {
      block.write(length);
    } else {
      block.write(127);
      for (length -= 127; length >= 128; length >>= 7) {
        block.write(length & 127 | 128);
      }
      block.write(length);
    }
    block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static String[] with(String[] fields, String... more) {
    var all = new ArrayList<>(List.of(fields));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  Frame next() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    return new Frame(
        in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), in.readNBytes(length));
  }

  /// The status of the answer to a request; that of a stream that is reset is its error, negative,
  /// and so is that of a connection that ends.
  int status(int stream) throws IOException, HpackException {
    while (true) {
      var frame = next();
      if (frame.type() == GOAWAY || (frame.type() == RST_STREAM && frame.stream() == stream)) {
        return -frame.error();
      }
      if (frame.type() == HEADERS) {
        var decoded = decoder.decode(ByteBuffer.wrap(frame.payload()));
        if (frame.stream() == stream) {
          return ((MetaData.Response) decoded).getStatus();
        }
      }
    }
  }

  /// The error with which the connection ends; -1 if it only ends.
  int end() throws IOException {
    try {
      for (var frame = next(); ; frame = next()) {
        if (frame.type() == GOAWAY) {
          return frame.error();
        }
      }
    } catch (EOFException | SocketException e) {
      return -1;
    }
  }

  /// The error with which a stream was reset by now; 0 if it was not.
  int reset(int stream) throws IOException {
    socket.setSoTimeout(100);
    try {
      while (true) {
        var frame = next();
        if (frame.type() == RST_STREAM && frame.stream() == stream) {
          return frame.error();
        }
      }
    } catch (SocketTimeoutException e) {
      return 0;
    }
  }

  /// Whether it is still open and silent.
  boolean isOpen() throws IOException {
    socket.setSoTimeout(100);
    try {
      while (true) {
        if (next().type() == GOAWAY) {
          return false;
        }
      }
    } catch (SocketTimeoutException e) {
      return true;
    } catch (EOFException | SocketException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
