package dev.lanyard.resourceserver;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// What a [Guard] looks at in an HTTP request.
///
/// @param method the HTTP method
/// @param url the URL as the client called it, absolute and without the query: the origin from
///   configuration, never from `Host` or a forwarding header (RS-23)
/// @param query the query as it was sent, if any
/// @param authorization the values of every `Authorization` header
/// @param dpop the values of every `DPoP` header
/// @param certificate the client's, whose key it has proved in the handshake of the TLS connection
///   that the request came on; never from a header, which anybody may write (RS-10)
public record GuardedRequest(
    String method,
    URI url,
    Optional<String> query,
    List<String> authorization,
    List<String> dpop,
    Optional<X509Certificate> certificate) {

  /// One whose client has shown no certificate.
  public GuardedRequest(
      String method,
      URI url,
      Optional<String> query,
      List<String> authorization,
      List<String> dpop) {
    this(method, url, query, authorization, dpop, Optional.empty());
  }

  public GuardedRequest {
    authorization = List.copyOf(authorization);
    dpop = List.copyOf(dpop);
  }

  /// Whether a token is in the query, where none is ever taken from (RS-5).
  boolean hasTokenInQuery() {
    return query.filter(text -> ("&" + text).contains("&access_token=")).isPresent();
  }

  /// Without the headers, which hold credentials, and without the query, which may.
  @Override
  public String toString() {
    return method + " " + url.getRawPath();
  }
}
