package dev.lanyard.protocol.egress;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// One request and its answer over one connection of HTTP/1.1. For one use; [#abort()] may be
/// called from another thread.
final class Exchange {
  private static final int CONNECT_MILLIS = 3_000;

  private final EgressRequest request;
  private final EgressPolicy policy;
  private final SSLSocketFactory tls;
  private volatile Socket socket = new Socket();
  private volatile boolean aborted;

  Exchange(EgressRequest request, EgressPolicy policy, SSLSocketFactory tls) {
    this.request = request;
    this.policy = policy;
    this.tls = tls;
  }

  /// @param addresses judged and permitted; nothing else is ever connected to
  EgressResult run(List<InetAddress> addresses) throws IOException {
    try (var connected = connect(addresses);
        var connection = secured(connected)) {
      var out = connection.getOutputStream();
      out.write(message());
      out.flush();
      var in = new BufferedInputStream(connection.getInputStream());
      return new ResponseReader(in, policy.maxBytes()).read();
    }
  }

  private Socket connect(List<InetAddress> addresses) throws IOException {
    var failure = new ConnectException("the name has no address");
    for (var address : addresses) {
      socket = new Socket();
      if (aborted) {
        break;
      }
      try {
        socket.connect(new InetSocketAddress(address, port()), CONNECT_MILLIS);
        return socket;
      } catch (IOException e) {
        failure = new ConnectException("cannot connect: " + e.getMessage());
        socket.close();
      }
    }
    throw failure;
  }

  /// Handshakes on the connected socket; the name goes into SNI and is checked against the
  /// certificate.
  private Socket secured(Socket connected) throws IOException {
    if ("http".equalsIgnoreCase(request.url().getScheme())) {
      return connected;
    }
    var host = EgressClient.hostOf(request.url());
    var secure = (SSLSocket) tls.createSocket(connected, host, port(), true);
    var parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private byte[] message() {
    // A URI may hold letters that a request line may not.
    var url = URI.create(request.url().toASCIIString());
    var path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    var query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    var body = request.bodyBytes();
    var head = new StringBuilder();
    head.append(request.method()).append(' ').append(path).append(query).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(url.getRawAuthority()).append("\r\n");
    request
        .headers()
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body.length > 0 || "POST".equals(request.method())) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    if (request.headers().keySet().stream().noneMatch("User-Agent"::equalsIgnoreCase)) {
      head.append("User-Agent: lanyard\r\n");
    }
    head.append("Connection: close\r\n\r\n");
    var message = new ByteArrayOutputStream(head.length() + body.length);
    message.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
    message.writeBytes(body);
    return message.toByteArray();
  }

  private int port() {
    var url = request.url();
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return "http".equalsIgnoreCase(url.getScheme()) ? 80 : 443;
  }

  /// Ends the exchange wherever it is; the thread that runs it gets an [IOException]. The only
  /// limit of time: a peer that sends a byte now and then would outlive any limit on a single read.
  void abort() {
    aborted = true;
    try {
      socket.close();
    } catch (IOException e) {
      // Closing is all we can do; the running thread is a daemon and owns nothing else.
    }
  }
}
