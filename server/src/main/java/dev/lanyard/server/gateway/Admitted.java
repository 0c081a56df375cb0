package dev.lanyard.server.gateway;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.server.http.Request;

/// A request whose bearer may come in. What it asks for is not judged yet.
///
/// @param passage until its answer has ended
record Admitted(Request request, AccessToken token, Caller caller, Era era, Passage passage) {
  String correlationId() {
    return request.correlationId();
  }
}
