package dev.lanyard.server.http.upstream;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;

/// A request to a server upstream. It is sent with these headers and no others but those of the
/// connection.
///
/// @param url where to; of the configuration and never made of what a caller sent
/// @param body empty for none
public record UpstreamRequest(String method, URI url, List<Field> headers, ByteBuffer body) {
  public UpstreamRequest {
    headers = List.copyOf(headers);
  }

  /// Without the body and the values of the headers, which hold credentials.
  @Override
  public String toString() {
    return method + " " + url + " " + headers;
  }
}
