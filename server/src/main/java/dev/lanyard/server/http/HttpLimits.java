package dev.lanyard.server.http;

import java.time.Duration;

/// What one peer may take from us.
///
/// @param headerBytes the largest request line and headers together; more is answered with 431
/// @param connections how many connections may be open at once; further ones wait. One network may
///   have half of them
/// @param idle how long a connection may be silent
/// @param request how long the header or the body of one request may take to arrive
/// @param streams how many streams of events may be open at once
/// @param stalled how long a peer may take for the events that were written to it
/// @param stop how long running requests may take to end when the server stops
/// @param parting how long a connection may be silent from then on
public record HttpLimits(
    int headerBytes,
    int connections,
    Duration idle,
    Duration request,
    int streams,
    Duration stalled,
    Duration stop,
    Duration parting) {

  public static HttpLimits defaults() {
    return new HttpLimits(
        16 * 1024,
        10_000,
        Duration.ofSeconds(30),
        Duration.ofSeconds(15),
        2_000,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(1));
  }

  /// The same with another number of connections: for a gateway, where each stream is one.
  public HttpLimits withConnections(int most) {
    return new HttpLimits(headerBytes, most, idle, request, streams, stalled, stop, parting);
  }
}
