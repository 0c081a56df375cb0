package dev.lanyard.server.http;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.io.EndPoint;

/// The open connections of this process, by network: one network has half of all at most, so that
/// whoever opens connections and says nothing keeps nobody else out. An office behind one address
/// has thousands; a trusted proxy may have all. Thread-safe.
final class Crowd {
  private final int share;
  private final TrustedProxies proxies;
  private final Map<EndPoint, InetAddress> connections = new HashMap<>();
  private final Map<InetAddress, Integer> counts = new HashMap<>();

  /// @param most how many connections there may be
  Crowd(int most, TrustedProxies proxies) {
    this.share = (most + 1) / 2;
    this.proxies = proxies;
  }

  /// How many connections one network may have.
  int share() {
    return share;
  }

  /// Counts a connection, and says whether there is room for it.
  boolean admits(EndPoint connection) {
    var peer = Request.peer(connection.getRemoteSocketAddress());
    return proxies.isTrusted(peer) || count(connection, Strangers.network(peer)) <= share;
  }

  private synchronized int count(EndPoint connection, InetAddress network) {
    connections.put(connection, network);
    return counts.merge(network, 1, Integer::sum);
  }

  /// It is closed. Where it came from nobody could ask it any more.
  synchronized void closed(EndPoint connection) {
    var network = connections.remove(connection);
    if (network != null) {
      counts.computeIfPresent(network, (_, count) -> count > 1 ? count - 1 : null);
    }
  }
}
