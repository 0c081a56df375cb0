package dev.lanyard.resourceserver;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// What a [Guard] looks at in an HTTP request.
///
/// @param method the HTTP method
/// @param url the URL as the client called it, without the query: the origin from configuration,
///   never from `Host` or a forwarding header (RS-23)
/// @param query the query as it was sent, if any
/// @param authorization the values of every `Authorization` header
/// @param dpop the values of every `DPoP` header
public record GuardedRequest(
    String method, URI url, Optional<String> query, List<String> authorization, List<String> dpop) {

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
