package dev.lanyard.server.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One request. Everything in it is untrusted.
public final class Request {
  private final org.eclipse.jetty.server.Request raw;
  private final Method method;
  private final Map<String, String> pathParameters;
  private final byte[] body;
  private final String correlationId;
  private final InetAddress source;

  Request(
      org.eclipse.jetty.server.Request raw,
      Method method,
      Map<String, String> pathParameters,
      byte[] body,
      String correlationId,
      TrustedProxies proxies) {
    this.raw = raw;
    this.method = method;
    this.pathParameters = pathParameters;
    this.body = body;
    this.correlationId = correlationId;
    this.source = source(raw, proxies);
  }

  /// The method; `HEAD` shows as `GET`.
  public Method method() {
    return method;
  }

  /// The path, still percent-encoded, without `.` and `..` segments.
  public String path() {
    return org.eclipse.jetty.server.Request.getPathInContext(raw);
  }

  /// A parameter of the route's pattern, decoded.
  ///
  /// @throws IllegalArgumentException if the pattern has no such parameter
  public String pathParameter(String name) {
    var value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no parameter " + name);
    }
    return value;
  }

  /// The query as sent, without the question mark; empty if there is none.
  public String query() {
    var query = raw.getHttpURI().getQuery();
    return query == null ? "" : query;
  }

  /// The only value of a header; empty if it is absent **or appears more than once**, because then
  /// it is not clear which one was meant.
  public Optional<String> header(String name) {
    var values = headers(name);
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  /// Every line of a header, in order.
  public List<String> headers(String name) {
    return raw.getHeaders().getValuesList(name);
  }

  /// The names of all headers, as they were sent.
  public Set<String> headerNames() {
    return raw.getHeaders().getFieldNamesCollection();
  }

  /// The host, and the port if it was named, that the peer thinks it speaks with.
  public Optional<String> authority() {
    return Optional.ofNullable(raw.getHttpURI().getAuthority());
  }

  /// A cookie; the first, if several have this name.
  public Optional<String> cookie(String name) {
    for (var cookie : org.eclipse.jetty.server.Request.getCookies(raw)) {
      if (cookie.getName().equals(name)) {
        return Optional.of(cookie.getValue());
      }
    }
    return Optional.empty();
  }

  /// The whole body, never larger than the limit of the route. The array is the caller's.
  public byte[] body() {
    return body;
  }

  /// The media type of the body in lower case, without parameters.
  public Optional<String> contentType() {
    return header("Content-Type")
        .map(value -> value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
  }

  /// From where the request comes: the socket's other end, or what a trusted proxy says of it.
  public InetAddress source() {
    return source;
  }

  /// From where a request comes, as far as anybody is to be believed who says so.
  static InetAddress source(org.eclipse.jetty.server.Request raw, TrustedProxies proxies) {
    var peer = peer(raw);
    return proxies
        .header()
        .map(header -> proxies.source(peer, raw.getHeaders().getValuesList(header)))
        .orElse(peer);
  }

  private static InetAddress peer(org.eclipse.jetty.server.Request raw) {
    return peer(raw.getConnectionMetaData().getRemoteSocketAddress());
  }

  /// The other end of a socket.
  static InetAddress peer(SocketAddress address) {
    return address instanceof InetSocketAddress socket
        ? socket.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  /// By this an administrator finds everything about this request.
  public String correlationId() {
    return correlationId;
  }

  /// Method and path; the query may hold what must not be seen.
  @Override
  public String toString() {
    return "Request[" + method + " " + path() + " " + correlationId + "]";
  }
}
