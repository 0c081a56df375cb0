package dev.lanyard.resourceserver;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import java.util.EnumSet;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// A real servlet container on a free port: filters before a servlet, as an application maps them,
/// for requests and for what goes on asynchronously.
final class TestContainer {
  private final ServletContextHandler context = new ServletContextHandler();
  private final Server server = new Server();

  /// Where the application is, if not at the root.
  TestContainer at(String path) {
    context.setContextPath(path);
    return this;
  }

  TestContainer filter(String path, Filter filter) {
    var holder = new FilterHolder(filter);
    holder.setAsyncSupported(true);
    context.addFilter(holder, path, EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    return this;
  }

  /// Starts with a servlet that answers everything.
  TestContainer start(HttpServlet servlet) throws Exception {
    var holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/*");
    var connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(context);
    server.start();
    return this;
  }

  int port() {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  void stop() throws Exception {
    server.stop();
  }
}
