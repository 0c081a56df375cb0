package dev.lanyard.benchmarks.gateway;

import dev.lanyard.server.app.command.installation.PrivateAuthority.TlsFiles;
import dev.lanyard.server.http.HttpLimits;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.Tls;
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
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));

  /// What it is called in certificates.
  static final String NAME = "localhost";

  private Loopback() {}

  static Listener listener(String name) {
    return listener(name, Optional.empty());
  }

  static Listener listener(String name, TlsFiles files) {
    return listener(name, Optional.of(new Tls(files.certificate(), files.key())));
  }

  private static Listener listener(String name, Optional<Tls> tls) {
    return new Listener(name, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls);
  }
}
