package dev.lanyard.server.http.upstream;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.TrustedTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/// Sends requests to servers that the configuration names. It follows no redirect, keeps no cookie,
/// answers no challenge, and decodes nothing. Thread-safe.
///
/// Every address of a name is judged by the egress policy before a connection is made, and it is
/// one of these addresses that the connection goes to (RS-8, SEC-6).
public final class UpstreamClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /// Shorter than servers keep a connection that nobody uses (Node: 5 s), so that none of them ends
  /// one in the moment in which a request is sent on it.
  private static final Duration UNUSED = Duration.ofSeconds(4);

  private static final int HEADER_BYTES = 16 * 1024;

  /// What a caller may send of them, and the credentials that come to it.
  private static final int REQUEST_HEADER_BYTES = 32 * 1024;

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

  private final HttpClient client;
  private final Patience patience;
  private final EgressPolicy policy;

  private UpstreamClient(EgressPolicy policy, int connections) {
    this.policy = policy;
    var threads = new QueuedThreadPool(32, 2);
    threads.setName("upstream");
    threads.setDaemon(true);
    var connector = new ClientConnector();
    connector.setSelectors(1);
    connector.setExecutor(threads);
    var tls = new SslContextFactory.Client();
    tls.setSslContext(TrustedTls.context(policy.authorities()));
    connector.setSslContextFactory(tls);
    var transport = new HttpClientTransportOverHTTP(connector);
    // Nothing that is told of an answer waits, so no thread needs to be woken to read on meanwhile.
    transport.setInvocationType(InvocationType.NON_BLOCKING);
    client = new HttpClient(transport);
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(null);
    client.setConnectTimeout(CONNECT.toMillis());
    client.setIdleTimeout(UNUSED.toMillis());
    client.setMaxConnectionsPerDestination(connections);
    client.setMaxRequestsQueuedPerDestination(connections);
    client.setMaxRequestHeadersSize(REQUEST_HEADER_BYTES);
    client.setMaxResponseHeadersSize(HEADER_BYTES);
    client.setSocketAddressResolver(new Judging());
    var alarms = new ScheduledExecutorScheduler("upstream-alarms", true);
    client.setScheduler(alarms);
    patience = new Patience(alarms);
  }

  /// @param policy where requests may go
  /// @param connections how many there may be at once to one server
  public static UpstreamClient start(EgressPolicy policy, int connections) {
    var upstream = new UpstreamClient(policy, connections);
    try {
      upstream.client.start();
    } catch (Exception e) {
      throw new IllegalStateException("the client for servers upstream does not start", e);
    }
    // Challenges and redirects are nobody's here; those who look for them since the start go.
    upstream.client.getProtocolHandlers().clear();
    upstream.client.getProtocolHandlers().put(new InterimAnswers());
    upstream.client.getContentDecoderFactories().clear();
    return upstream;
  }

  /// Looks at a URL before anything is sent there.
  ///
  /// @throws IllegalArgumentException if it is one of plain HTTP to a host that neither is this
  ///   machine nor named in the policy: whoever is on the way could read and change what is sent
  public void require(URI url) {
    var host = bare(url.getHost());
    boolean here = policy.exposesLoopback() && LOOPBACK.contains(host);
    if ("http".equals(url.getScheme()) && !here && !policy.internalHosts().contains(host)) {
      throw new IllegalArgumentException(
          url
              + ": plain HTTP goes only to this machine, with outbound.loopback, and to hosts"
              + " of outbound.internal_hosts");
    }
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /// Sends a request.
  public UpstreamCall begin(UpstreamRequest request) {
    var call = new HttpCall(client, patience, request);
    call.send();
    return call;
  }

  /// Looks names up where it does not hold anybody up.
  private final class Judging implements SocketAddressResolver {
    @Override
    public void resolve(
        String host,
        int port,
        Map<String, Object> context,
        Promise<List<InetSocketAddress>> promise) {
      Thread.ofVirtual().name("resolve " + host).start(() -> judge(host, port, promise));
    }

    private void judge(String host, int port, Promise<List<InetSocketAddress>> promise) {
      try {
        var bare = bare(host);
        var sockets = new ArrayList<InetSocketAddress>();
        for (var address : InetAddress.getAllByName(bare)) {
          // One forbidden address refuses all: a name that has both is an attack or a mistake.
          if (!policy.permits(bare, address)) {
            promise.failed(new ForbiddenAddress(host));
            return;
          }
          sockets.add(new InetSocketAddress(address, port));
        }
        promise.succeeded(sockets);
      } catch (UnknownHostException | RuntimeException e) {
        // Of a fault too: nobody else would tell whoever waits.
        promise.failed(e);
      }
    }
  }

  /// Ends what is under way.
  @Override
  public void close() {
    try {
      client.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the client for servers upstream does not stop", e);
    } finally {
      patience.destroy();
    }
  }
}
