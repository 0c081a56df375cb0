package dev.lanyard.server.http;

import dev.lanyard.server.tracing.Tracer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listeners of this process: HTTP/1.1, and HTTP/2 where TLS lets the peer choose.
///
/// The sockets are bound first and served later, so that what is served can name the ports:
///
/// ```java
/// var server = HttpServer.bind(List.of(broker, ras), HttpLimits.defaults());
/// server.serve(Map.of("broker", brokerRoutes(server.port("broker")), "ras", rasRoutes));
/// ```
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private final Server server;
  private final Dispatcher dispatcher;
  private final Crowd crowd;
  private final Map<String, ServerConnector> connectors = new LinkedHashMap<>();
  private final Map<String, CertificateReload> certificates = new LinkedHashMap<>();
  private final ExecutorService handlers;
  private final ScheduledExecutorService reloads =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("certificates").factory());

  private HttpServer(HttpLimits limits, TrustedProxies proxies, Tracer tracer, BodyBudget bodies) {
    handlers = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
    server = new Server(new ServerThreads());
    dispatcher =
        new Dispatcher(
            new Serving(handlers, limits, new EventStreams(limits), proxies, bodies, tracer));
    crowd = new Crowd(limits.connections(), proxies);
    server.setHandler(new GracefulHandler(dispatcher));
    server.setErrorHandler(new Errors(dispatcher));
    server.setStopTimeout(limits.stop().toMillis());
    server.addBean(new NetworkConnectionLimit(limits.connections(), server));
  }

  /// Takes the addresses. Peers can connect from now on and wait until [#serve].
  ///
  /// @throws UncheckedIOException if an address is taken or a certificate cannot be used
  public static HttpServer bind(List<Listener> listeners, HttpLimits limits) {
    return bind(listeners, limits, TrustedProxies.NONE, Tracer.OFF);
  }

  /// The same behind proxies, and with requests that may be recorded step by step.
  public static HttpServer bind(
      List<Listener> listeners, HttpLimits limits, TrustedProxies proxies, Tracer tracer) {
    return bind(listeners, limits, proxies, tracer, BodyBudget.ofHeap());
  }

  /// The same with a memory for request bodies that others look at, too.
  public static HttpServer bind(
      List<Listener> listeners,
      HttpLimits limits,
      TrustedProxies proxies,
      Tracer tracer,
      BodyBudget bodies) {
    var http = new HttpServer(limits, proxies, tracer, bodies);
    try {
      for (var listener : listeners) {
        http.add(listener, limits);
      }
      return http;
    } catch (IOException e) {
      http.close();
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private void add(Listener listener, HttpLimits limits) throws IOException {
    var connector = new CrowdedConnector(server, crowd, dispatcher, protocols(listener, limits));
    connector.setName(listener.name());
    connector.setHost(listener.address().getHostString());
    connector.setPort(listener.address().getPort());
    connector.setIdleTimeout(limits.idle().toMillis());
    connector.setShutdownIdleTimeout(limits.parting().toMillis());
    server.addConnector(connector);
    connectors.put(listener.name(), connector);
    try {
      connector.open();
    } catch (IOException e) {
      throw new IOException(
          "cannot listen at "
              + listener.address()
              + " for "
              + listener.name()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private ConnectionFactory[] protocols(Listener listener, HttpLimits limits) throws IOException {
    var configuration = configuration(limits);
    var http1 = new ImpatientConnection.Factory(configuration, limits.request(), dispatcher);
    if (listener.tls().isEmpty()) {
      return new ConnectionFactory[] {http1};
    }
    var secure = new SecureRequestCustomizer(false);
    configuration.addCustomizer(secure);
    var tls = new SslContextFactory.Server();
    tls.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    var reload = new CertificateReload(listener.tls().get(), tls);
    certificates.put(listener.name(), reload);
    long period = CertificateReload.period().toMillis();
    var _ = reloads.scheduleWithFixedDelay(reload, period, period, TimeUnit.MILLISECONDS);
    var alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
    alpn.setDefaultProtocol("http/1.1");
    return new ConnectionFactory[] {
      new ImpatientTls(tls, alpn.getProtocol(), limits.request(), dispatcher),
      alpn,
      new Http2(configuration, limits.request(), dispatcher),
      http1
    };
  }

  private static HttpConfiguration configuration(HttpLimits limits) {
    var configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setRequestHeaderSize(limits.headerBytes());
    configuration.setHttpCompliance(HttpCompliance.RFC7230);
    configuration.setUriCompliance(UriCompliance.DEFAULT);
    return configuration;
  }

  /// The port that a listener has got.
  public int port(String listener) {
    return connector(listener).getLocalPort();
  }

  /// When the certificates end that are in use now, by the listeners that have one.
  public Map<String, Instant> certificateEnds() {
    var ends = new LinkedHashMap<String, Instant>();
    certificates.forEach((listener, certificate) -> ends.put(listener, certificate.end()));
    return ends;
  }

  private ServerConnector connector(String listener) {
    var connector = connectors.get(listener);
    if (connector == null) {
      throw new IllegalArgumentException("no listener is named " + listener);
    }
    return connector;
  }

  /// Starts to answer.
  ///
  /// @param routes the routes by the name of their listener
  /// @throws IllegalArgumentException if two routes claim the same requests, or a listener is
  ///   unknown
  public void serve(Map<String, List<Route>> routes) {
    serve(routes, Refusals.UNHEARD);
  }

  /// The same, and somebody learns of what is refused before any handler sees it.
  public void serve(Map<String, List<Route>> routes, Refusals refusals) {
    var routers = new HashMap<Connector, Router>();
    routes.forEach((listener, table) -> routers.put(connector(listener), new Router(table)));
    dispatcher.serve(routers, refusals);
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server does not start", e);
    }
  }

  /// Stops listening, lets running requests end within [HttpLimits#stop], then cuts the others.
  @Override
  public void close() {
    reloads.shutdownNow();
    dispatcher.close();
    try {
      server.stop();
    } catch (TimeoutException e) {
      LOG.warn("what had not ended when the HTTP server stopped was cut");
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server does not stop", e);
    } finally {
      handlers.shutdownNow();
      connectors.values().forEach(ServerConnector::close);
    }
  }
}
