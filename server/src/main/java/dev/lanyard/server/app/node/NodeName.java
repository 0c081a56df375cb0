package dev.lanyard.server.app.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// By what administrators find a process.
final class NodeName {
  private NodeName() {}

  /// The name of its machine, and a port at which it listens: there may be several on one machine.
  static String of(int port) {
    return Optional.ofNullable(System.getenv("HOSTNAME")).orElseGet(NodeName::host) + ":" + port;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "node";
    }
  }
}
