package dev.lanyard.protocol.egress;

import dev.lanyard.protocol.oauth.Form;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A request to send; a plain value until [EgressClient] sends it.
///
/// @param method an HTTP method, in capitals
/// @param url where to; judged only when it is sent
/// @param headers besides those that say where a message ends and whom it is for, which the client
///   writes: `Host`, `Content-Length`, `Transfer-Encoding` and `Connection`
/// @param body empty for `GET`
public record EgressRequest(String method, URI url, Map<String, String> headers, String body) {
  private static final Set<String> OURS =
      Set.of("host", "content-length", "transfer-encoding", "connection");

  /// @throws IllegalArgumentException if the method or a header could break out of its line, or a
  ///   header is one that the client writes
  public EgressRequest {
    if (!method.matches("[A-Z]{1,20}")) {
      throw new IllegalArgumentException("not a method");
    }
    headers.forEach((name, value) -> {
      if (!name.matches("[A-Za-z0-9-]+") || !value.chars().allMatch(c -> c >= 0x20 && c <= 0x7e)) {
        throw new IllegalArgumentException("not a header: " + name);
      }
      if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("the client writes this header itself: " + name);
      }
    });
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /// Asks for a JSON document.
  public static EgressRequest get(URI url) {
    return new EgressRequest("GET", url, Map.of("Accept", "application/json"), "");
  }

  /// Posts a form and asks for JSON.
  public static EgressRequest post(URI url, Form form) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Accept", "application/json");
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    return new EgressRequest("POST", url, headers, form.encode());
  }

  /// The same with one more header.
  public EgressRequest with(String header, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new EgressRequest(method, url, more, body);
  }

  byte[] bodyBytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  /// Without headers and body, which may hold secrets, and without the query, which may too.
  @Override
  public String toString() {
    return method + " " + url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
  }
}
