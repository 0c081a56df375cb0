package dev.lanyard.protocol.egress;

import dev.lanyard.protocol.oauth.Form;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A request to send; a plain value until [EgressClient] sends it.
///
/// @param method `GET` or `POST`
/// @param url where to; judged only when it is sent
/// @param headers besides `Host`, `Content-Length` and `Connection`, which the client writes
/// @param body empty for `GET`
public record EgressRequest(String method, URI url, Map<String, String> headers, String body) {

  /// @throws IllegalArgumentException if a header could break out of its line
  public EgressRequest {
    headers.forEach((name, value) -> {
      if (!name.matches("[A-Za-z0-9-]+") || !value.chars().allMatch(c -> c >= 0x20 && c <= 0x7e)) {
        throw new IllegalArgumentException("not a header: " + name);
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
