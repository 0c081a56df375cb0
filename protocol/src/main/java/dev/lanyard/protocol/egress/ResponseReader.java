package dev.lanyard.protocol.egress;

import dev.lanyard.protocol.egress.EgressResult.Answered;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads one HTTP/1.1 response under limits. For one use.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9112.html#section-6 RFC 9112 §6
final class ResponseReader {
  private static final int MAX_HEAD = 32 * 1024;
  private static final int MAX_INTERIM = 5;

  private final InputStream in;
  private final int maxBytes;
  private int headBytes;

  ResponseReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  Answered read() throws IOException {
    for (int interim = 0; interim <= MAX_INTERIM; interim++) {
      int status = status(line());
      var headers = headers();
      if (status >= 200) {
        return new Answered(status, headers, body(status, headers));
      }
    }
    throw new ProtocolException("too many interim responses");
  }

  private static int status(String line) throws ProtocolException {
    if (!line.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
      throw new ProtocolException("not an HTTP/1.1 response");
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private Map<String, List<String>> headers() throws IOException {
    var headers = new HashMap<String, List<String>>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1 || Character.isWhitespace(line.charAt(0))) {
        throw new ProtocolException("a broken header line");
      }
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), absent -> new ArrayList<>(1))
          .add(line.substring(colon + 1).strip());
    }
    return headers;
  }

  private byte[] body(int status, Map<String, List<String>> headers) throws IOException {
    if (status == 204 || status == 304) {
      return new byte[0];
    }
    var coding = headers.get("transfer-encoding");
    if (coding != null) {
      if (coding.size() != 1 || !coding.getFirst().equalsIgnoreCase("chunked")) {
        throw new ProtocolException("an unknown transfer coding");
      }
      return chunked();
    }
    var length = headers.get("content-length");
    return length == null ? untilEnd() : exactly(length(length));
  }

  private int length(List<String> values) throws ProtocolException {
    if (values.size() != 1 || !values.getFirst().matches("[0-9]{1,18}")) {
      throw new ProtocolException("a broken Content-Length");
    }
    return capped(Long.parseLong(values.getFirst()));
  }

  private byte[] chunked() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      var size = line().replaceFirst(";.*", "").strip();
      if (!size.matches("[0-9a-fA-F]{1,8}")) {
        throw new ProtocolException("a broken chunk size");
      }
      int length = capped(body.size() + Long.parseLong(size, 16)) - body.size();
      if (length == 0) {
        return body.toByteArray();
      }
      body.writeBytes(exactly(length));
      if (!line().isEmpty()) {
        throw new ProtocolException("a chunk without end");
      }
    }
  }

  private byte[] exactly(int length) throws IOException {
    var bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the answer ended early");
    }
    return bytes;
  }

  private byte[] untilEnd() throws IOException {
    var bytes = in.readNBytes(maxBytes + 1);
    capped(bytes.length);
    return bytes;
  }

  private int capped(long length) throws ProtocolException {
    if (length > maxBytes) {
      throw new ProtocolException("the answer is larger than " + maxBytes + " bytes");
    }
    return (int) length;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream(80);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the answer ended early");
      }
      if (++headBytes > MAX_HEAD) {
        throw new ProtocolException("the head of the answer is too large");
      }
      line.write(c);
    }
    var text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
