package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.TrustedTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/// Looks at the certificates that a server shows outside, which may be those of a proxy before it.
public final class TlsCheckup {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int HTTPS = 443;
  private static final int MOST_PORT = 65_535;
  private static final long SOON_DAYS = 14;

  private final EgressPolicy policy;
  private final InstantSource clock;

  public TlsCheckup(EgressPolicy policy, InstantSource clock) {
    this.policy = policy;
    this.clock = clock;
  }

  /// Whether clients trust it, and for how long; empty if there is no TLS, or nobody answers, which
  /// others tell.
  public Optional<Finding> examine(String name, URI uri) {
    if (!"https".equals(uri.getScheme())) {
      return Optional.empty();
    }
    int port = uri.getPort() < 0 ? HTTPS : uri.getPort();
    var about = name + " certificates";
    if (port > MOST_PORT) {
      return Optional.of(Finding.bad(about, "%s names a port that there is not".formatted(uri)));
    }
    try (var plain = new Socket()) {
      plain.connect(new InetSocketAddress(uri.getHost(), port), PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS);
      var factory = TrustedTls.context(policy.authorities()).getSocketFactory();
      try (var socket = (SSLSocket) factory.createSocket(plain, uri.getHost(), port, true)) {
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return Optional.of(of(about, socket));
      }
    } catch (SSLException e) {
      return Optional.of(
          Finding.bad(
              about,
              "%s:%d is not trusted: %s. Serve the whole chain; name a private authority under outbound.ca"
                  .formatted(uri.getHost(), port, e.getMessage())));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Finding of(String about, SSLSocket socket) throws SSLException {
    var chain = socket.getSession().getPeerCertificates();
    long days = Long.MAX_VALUE;
    for (var one : chain) {
      var end = ((X509Certificate) one).getNotAfter().toInstant();
      days = Math.min(days, Duration.between(clock.instant(), end).toDays());
    }
    return days < SOON_DAYS
        ? Finding.note(about, "one of the chain ends in %d days; renew it".formatted(days))
        : Finding.good(about, "a chain of %d, valid for %d days".formatted(chain.length, days));
  }
}
