package dev.lanyard.server.http;

import dev.lanyard.protocol.evidence.Evidence;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/// TLS whose handshakes must come to an end, and are told if they come to nothing: a peer that
/// speaks no version or cipher suite of ours, no TLS at all, does not trust our certificate, or
/// takes too long. The idle timeout alone would let it hold a connection with a byte now and then.
///
/// Whoever only connects and leaves, as the probe of a load balancer does, was refused nothing.
final class ImpatientTls extends SslConnectionFactory {
  private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]{1,40})");

  private final Duration patience;
  private final Dispatcher dispatcher;

  /// @param next the protocol that is spoken inside
  /// @param patience how long a handshake may take
  /// @param dispatcher learns of what came to nothing
  ImpatientTls(
      SslContextFactory.Server tls, String next, Duration patience, Dispatcher dispatcher) {
    super(tls, next);
    this.patience = patience;
    this.dispatcher = dispatcher;
  }

  @Override
  protected SslConnection newSslConnection(
      Connector connector, EndPoint endPoint, SSLEngine engine) {
    var connection = super.newSslConnection(connector, endPoint, engine);
    connection.addHandshakeListener(new Handshake(connector.getScheduler(), endPoint));
    return connection;
  }

  private final class Handshake implements SslHandshakeListener {
    private final EndPoint endPoint;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Scheduler.Task deadline;

    Handshake(Scheduler scheduler, EndPoint endPoint) {
      this.endPoint = endPoint;
      this.deadline = scheduler.schedule(this::tooSlow, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tooSlow() {
      if (over.compareAndSet(false, true) && endPoint.isOpen()) {
        dispatcher.ended(endPoint, evidence("too slow"));
      }
    }

    @Override
    public void handshakeSucceeded(Event event) {
      over.set(true);
      deadline.cancel();
    }

    @Override
    public void handshakeFailed(Event event, Throwable failure) {
      if (over.compareAndSet(false, true)) {
        deadline.cancel();
        what(failure).ifPresent(this::told);
      }
    }

    private void told(String what) {
      dispatcher.refused(endPoint, evidence(what));
    }
  }

  private static Evidence evidence(String what) {
    return new Evidence("tls", "a completed handshake", what, "RFC 8446 §6.2");
  }

  /// In words of ours: the message of the JDK may repeat what the peer has sent.
  private static Optional<String> what(Throwable failure) {
    var said = String.valueOf(failure.getMessage());
    var alert = ALERT.matcher(said);
    if (failure instanceof ClosedChannelException || said.startsWith("Closed during handshake")) {
      return Optional.empty();
    }
    if (alert.find()) {
      return Optional.of("the peer ended it: " + alert.group(1));
    }
    var lower = said.toLowerCase(Locale.ROOT);
    if (lower.contains("cipher suite")) {
      return Optional.of("no cipher suite in common");
    }
    if (lower.contains("protocol")) {
      return Optional.of("no version in common");
    }
    return Optional.of(lower.contains("ssl message") ? "no TLS" : "not well-formed");
  }
}
