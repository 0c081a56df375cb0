package dev.lanyard.server.http;

import dev.lanyard.protocol.evidence.Evidence;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/// HTTP/2 connections whose errors are told. A peer that breaks the protocol, or resets streams
/// faster than anybody does, gets no answer that could be recorded: its stream or its connection
/// ends.
///
/// A frame or a header that takes too long ends its connection, too. The idle timeout alone would
/// let a peer hold one for ever with a byte now and then.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9113.html#section-5.4 RFC 9113 §5.4
final class Http2 extends HTTP2ServerConnectionFactory {
  /// What a peer has done, not we, and not just its leaving.
  private static final Set<ErrorCode> CAUSED_BY_PEER =
      EnumSet.of(
          ErrorCode.PROTOCOL_ERROR,
          ErrorCode.FLOW_CONTROL_ERROR,
          ErrorCode.SETTINGS_TIMEOUT_ERROR,
          ErrorCode.STREAM_CLOSED_ERROR,
          ErrorCode.FRAME_SIZE_ERROR,
          ErrorCode.REFUSED_STREAM_ERROR,
          ErrorCode.COMPRESSION_ERROR,
          ErrorCode.ENHANCE_YOUR_CALM_ERROR);

  /// How Jetty words an error of a connection: `protocol_error/invalid_preface`.
  private static final Pattern FAILURE = Pattern.compile("([a-z0-9_]{1,40})/([a-z0-9_]{1,80})");

  private final Duration patience;
  private final Dispatcher dispatcher;

  /// @param patience how long a header may take
  /// @param dispatcher learns of what was refused
  Http2(HttpConfiguration configuration, Duration patience, Dispatcher dispatcher) {
    super(configuration);
    this.patience = patience;
    this.dispatcher = dispatcher;
  }

  @Override
  protected ServerSessionListener newSessionListener(Connector connector, EndPoint endPoint) {
    return new Listener(connector.getScheduler(), endPoint);
  }

  private final class Listener extends HTTPServerSessionListener
      implements HTTP2Session.FrameListener {
    private final Scheduler scheduler;
    private final EndPoint endPoint;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicLong frames = new AtomicLong();

    Listener(Scheduler scheduler, EndPoint endPoint) {
      super(endPoint);
      this.scheduler = scheduler;
      this.endPoint = endPoint;
    }

    @Override
    public void onAccept(Session session) {
      if (session instanceof HTTP2Session http2) {
        http2.addEventListener(this);
      }
      lookAgain(session, new Look(0, 0, false));
    }

    /// What was seen of the connection.
    ///
    /// @param frames how many had come
    /// @param octets how many had come
    /// @param begun whether a frame, or a header of several, was on its way
    private record Look(long frames, long octets, boolean begun) {}

    private void lookAgain(Session session, Look last) {
      var _ =
          scheduler.schedule(() -> look(session, last), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Octets without a frame are one on its way. Where a stream is open its own deadlines hold,
    /// and a frame may be one that we do not know.
    private void look(Session session, Look last) {
      var connection = endPoint.getConnection();
      if (connection == null || !endPoint.isOpen()) {
        return;
      }
      long octets = connection.getBytesIn();
      long now = frames.get();
      boolean comes = now == last.frames() && session.getStreams().isEmpty();
      if (!comes || !last.begun()) {
        lookAgain(session, new Look(now, octets, comes && octets != last.octets()));
      } else if (failed.compareAndSet(false, true)) {
        dispatcher.ended(endPoint, evidence("too slow"));
      }
    }

    @Override
    public void onIncomingFrame(Session session, Frame frame) {
      frames.incrementAndGet();
    }

    @Override
    public void onFailure(Session session, Throwable failure, Callback callback) {
      // Its streams are reset for the same reason, which is no news.
      if (failed.compareAndSet(false, true)) {
        told(failure).ifPresent(what -> refused("the connection ended: " + what));
      }
      super.onFailure(session, failure, callback);
    }

    @Override
    public void onOutgoingFrame(Session session, Frame frame) {
      if (frame instanceof ResetFrame reset && !failed.get()) {
        var code = ErrorCode.from(reset.getError());
        if (code != null && CAUSED_BY_PEER.contains(code)) {
          refused("a stream ended: " + code.name().toLowerCase(Locale.ROOT));
        }
      }
    }

    private void refused(String what) {
      dispatcher.refused(endPoint, evidence(what));
    }
  }

  private static Evidence evidence(String what) {
    return new Evidence("http2", "frames as agreed", what, "RFC 9113 §5.4");
  }

  /// What the peer has done wrong; empty if it has only gone.
  private static Optional<String> told(Throwable failure) {
    var worded = FAILURE.matcher(String.valueOf(failure.getMessage()));
    if (!worded.matches()) {
      return Optional.empty();
    }
    return CAUSED_BY_PEER.stream()
        .filter(code -> code.name().toLowerCase(Locale.ROOT).equals(worded.group(1)))
        .findFirst()
        .map(_ -> worded.group());
  }
}
