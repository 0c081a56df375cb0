package dev.lanyard.server.http;

import dev.lanyard.protocol.evidence.Evidence;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// A listener that ends connections of a network that has its share of them already, and tells.
final class CrowdedConnector extends ServerConnector {
  private final Crowd crowd;
  private final Dispatcher dispatcher;

  CrowdedConnector(
      Server server, Crowd crowd, Dispatcher dispatcher, ConnectionFactory... protocols) {
    super(server, null, null, null, 1, 1, protocols);
    this.crowd = crowd;
    this.dispatcher = dispatcher;
  }

  @Override
  protected void onEndPointOpened(EndPoint connection) {
    super.onEndPointOpened(connection);
    if (!crowd.admits(connection)) {
      dispatcher.ended(
          connection,
          new Evidence(
              "connections", "at most " + crowd.share() + " of one network", "more", "SEC-6"));
    }
  }

  @Override
  protected void onEndPointClosed(EndPoint connection) {
    crowd.closed(connection);
    super.onEndPointClosed(connection);
  }
}
