package dev.lanyard.benchmarks.gateway;

import dev.lanyard.server.http.HttpLimits;
import dev.lanyard.server.http.Listener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/// Listeners of this machine alone.
final class Loopback {
  /// Streams without number, since it is them that are counted.
  static final HttpLimits MANY =
      new HttpLimits(
          16 * 1024,
          50_000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          50_000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(1));

  private Loopback() {}

  static Listener listener(String name) {
    return new Listener(
        name, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty());
  }
}
