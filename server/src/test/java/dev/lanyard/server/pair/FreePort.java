package dev.lanyard.server.pair;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports for servers whose configuration names them before they listen.
///
/// Not from where the system takes the ports of outgoing connections: any test that connects would
/// get one of those a moment later.
public final class FreePort {
  private static final int FIRST = 15_000;
  private static final int HOW_MANY = 15_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(HOW_MANY));

  private FreePort() {}

  /// A port on which nobody listens, and which nobody else in this process was given.
  public static int next() {
    for (int tried = 0; tried < HOW_MANY; tried++) {
      int port = FIRST + NEXT.getAndIncrement() % HOW_MANY;
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (IOException e) {
        // Somebody has it.
      }
    }
    throw new IllegalStateException("no port is free");
  }
}
