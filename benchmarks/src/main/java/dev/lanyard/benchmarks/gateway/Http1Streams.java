package dev.lanyard.benchmarks.gateway;

import java.io.IOException;

/// Each stream in a connection of its own, as most clients open them.
///
/// @param port of the gateway
record Http1Streams(int port) implements IdleStreams.Way {
  @Override
  public IdleStreams.Stream open(String token) throws IOException {
    var wire = new Wire(port, Wire.get(token));
    wire.send();
    var _ = wire.head();
    return wire;
  }

  @Override
  public String name() {
    return "HTTP/1.1";
  }
}
