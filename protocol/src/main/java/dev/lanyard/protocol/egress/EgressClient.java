package dev.lanyard.protocol.egress;

import dev.lanyard.protocol.egress.EgressResult.Failed;
import dev.lanyard.protocol.egress.EgressResult.Refused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;

/// A blocking HTTP client that cannot be steered (SEC-6).
///
/// The name is looked up once; every address of it is judged; the socket connects to exactly the
/// address that was judged, so that a second answer of a hostile name server changes nothing. The
/// certificate is still checked against the name. Redirects are not followed, size and time are
/// capped. One exchange, one connection. Thread-safe.
public final class EgressClient {
  private static final int MOST_PORT = 65_535;
  private static final Pattern ENDS_IN_NUMBER =
      Pattern.compile("(.*\\.)?(0[xX][0-9a-fA-F]*|[0-9]+)\\.?");
  private static final Pattern PLAIN_IPV4 =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

  private final EgressPolicy policy;
  private final SSLSocketFactory tls;
  private final Resolver resolver;
  private final Supplier<Map<String, String>> common;

  /// @throws IllegalArgumentException if an authority of the policy cannot be used
  public EgressClient(EgressPolicy policy) {
    this(policy, InetAddress::getAllByName);
  }

  EgressClient(EgressPolicy policy, Resolver resolver) {
    this(policy, TrustedTls.socketFactory(policy.authorities()), resolver, Map::of);
  }

  private EgressClient(
      EgressPolicy policy,
      SSLSocketFactory tls,
      Resolver resolver,
      Supplier<Map<String, String>> common) {
    this.policy = policy;
    this.tls = tls;
    this.resolver = resolver;
    this.common = common;
  }

  /// One that waits less, or reads less, and goes where this one goes.
  public EgressClient limitedTo(Duration timeout, int maxBytes) {
    return new EgressClient(policy.limitedTo(timeout, maxBytes), tls, resolver, common);
  }

  /// One that sends more headers with every request, besides those of the request itself.
  ///
  /// @param headers is asked on the thread that sends, each time
  public EgressClient withHeaders(Supplier<Map<String, String>> headers) {
    return new EgressClient(policy, tls, resolver, headers);
  }

  /// Sends a request and waits for the whole answer, at most as long as the policy says.
  public EgressResult send(EgressRequest request) {
    var fault = faultOf(request.url());
    if (fault.isPresent()) {
      return new Refused(fault.get());
    }
    var exchange = new Exchange(withCommon(request), policy, tls);
    var task = new FutureTask<>(() -> resolveAndSend(exchange, request.url()));
    Thread.ofPlatform().daemon().name("egress " + request.url().getHost()).start(task);
    try {
      return task.get(policy.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      exchange.abort();
      return new Failed("no whole answer within " + policy.timeout().toMillis() + " ms");
    } catch (InterruptedException e) {
      exchange.abort();
      Thread.currentThread().interrupt();
      return new Failed("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a fault while sending " + request, e.getCause());
    }
  }

  private EgressRequest withCommon(EgressRequest request) {
    var all = request;
    for (var header : common.get().entrySet()) {
      all = all.with(header.getKey(), header.getValue());
    }
    return all;
  }

  private EgressResult resolveAndSend(Exchange exchange, URI url) {
    var host = hostOf(url);
    try {
      var addresses = resolver.resolve(host);
      var forbidden = faultOf(url, host, addresses);
      return forbidden.isPresent()
          ? new Refused(forbidden.get())
          : exchange.run(List.of(addresses));
    } catch (UnknownHostException e) {
      return new Failed("the name " + host + " does not resolve");
    } catch (IOException | RuntimeException e) {
      // A name or an answer that somebody hostile has chosen may bring anything about: that it
      // cannot be asked is all there is to say.
      return new Failed(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private Optional<String> faultOf(URI url, String host, InetAddress[] addresses) {
    for (var address : addresses) {
      // One forbidden address refuses all: a name that has both is an attack or a mistake.
      if (!policy.permits(host, address)) {
        return Optional.of(host + " has an address that is not public");
      }
      if ("http".equals(scheme(url)) && !policy.permitsPlainHttpTo(address)) {
        return Optional.of("plain HTTP is permitted to loopback addresses only, if at all");
      }
    }
    return Optional.empty();
  }

  private Optional<String> faultOf(URI url) {
    var scheme = scheme(url);
    if (!"https".equals(scheme) && !("http".equals(scheme) && policy.exposesLoopback())) {
      return Optional.of("only https URLs are called");
    }
    if (url.getHost() == null || url.getRawUserInfo() != null || isStrange(url.getHost())) {
      return Optional.of("the URL has no plain host name");
    }
    if (url.getPort() == 0 || url.getPort() > MOST_PORT) {
      return Optional.of("the URL names a port that there is not");
    }
    return Optional.empty();
  }

  /// Decimal, octal, hexadecimal and shortened addresses: whatever ends in a number is an IPv4
  /// address, and readers disagree which one unless it is four plain decimal numbers.
  private static boolean isStrange(String host) {
    return ENDS_IN_NUMBER.matcher(host).matches() && !PLAIN_IPV4.matcher(host).matches();
  }

  private static String scheme(URI url) {
    return url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
  }

  static String hostOf(URI url) {
    var host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /// How a name becomes addresses; replaced in tests that play a hostile name server.
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }
}
