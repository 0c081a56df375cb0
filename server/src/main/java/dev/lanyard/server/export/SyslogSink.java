package dev.lanyard.server.export;

import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.export.ExportConfig.Target;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// Sends records as messages of RFC 5424 over TLS, each with its length before it (RFC 5425).
///
/// Syslog acknowledges nothing: what was written may be lost with a receiver that dies. Therefore
/// each batch has a connection of its own, which we close for writing, and counts only when the
/// receiver has closed it as well: it has read everything then.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5425.html#section-4.3 RFC 5425 §4.3
/// @spec https://www.rfc-editor.org/rfc/rfc5424.html#section-6 RFC 5424 §6
final class SyslogSink implements Sink {
  /// Log audit.
  private static final int FACILITY = 13;

  private static final int BY_FACILITY = 8;
  private static final int INFORMATIONAL = 6;
  private static final int NOTICE = 5;
  private static final int WARNING = 4;

  private final Target.Syslog target;
  private final Format format;
  private final String host;
  private final SSLContext tls;
  private final Duration patience;

  /// @param host who sends, by the host of the installation's issuer
  SyslogSink(Target.Syslog target, Format format, String host, SSLContext tls) {
    this(target, format, host, tls, PATIENCE);
  }

  /// @param patience in place of [#PATIENCE]
  SyslogSink(Target.Syslog target, Format format, String host, SSLContext tls, Duration patience) {
    this.target = target;
    this.format = format;
    this.host = host;
    this.tls = tls;
    this.patience = patience;
  }

  @Override
  public void send(List<AuditRecord> records) throws IOException {
    long start = System.nanoTime();
    try {
      deliver(records);
    } catch (IOException e) {
      // Nothing waits for less than half of it.
      if (System.nanoTime() - start >= patience.dividedBy(2).toNanos()) {
        throw new TookTooLongException(
            "the receiver took too long for %d records: %s"
                .formatted(records.size(), e.getMessage()),
            e);
      }
      throw e;
    }
  }

  private void deliver(List<AuditRecord> records) throws IOException {
    try (var plain = new Socket()) {
      var watch = watch(plain);
      try {
        plain.connect(
            new InetSocketAddress(target.host(), target.port()), (int) patience.toMillis() / 2);
        plain.setSoTimeout((int) patience.toMillis() / 2);
        try (var socket =
            (SSLSocket)
                tls.getSocketFactory().createSocket(plain, target.host(), target.port(), true)) {
          var parameters = socket.getSSLParameters();
          parameters.setEndpointIdentificationAlgorithm("HTTPS");
          parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
          socket.setSSLParameters(parameters);
          socket.startHandshake();
          var out = new BufferedOutputStream(socket.getOutputStream());
          for (var record : records) {
            write(out, record);
          }
          out.flush();
          socket.shutdownOutput();
          awaitEnd(socket);
        }
      } finally {
        watch.interrupt();
      }
    }
  }

  /// A receiver that reads nothing blocks a writer for ever: cut it off.
  private Thread watch(Socket socket) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            Thread.sleep(patience);
            socket.close();
          } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void awaitEnd(SSLSocket socket) throws IOException {
    var in = socket.getInputStream();
    while (in.read() >= 0) {
      // Receivers have nothing to say.
    }
  }

  private void write(OutputStream out, AuditRecord record) throws IOException {
    var message = message(record).getBytes(StandardCharsets.UTF_8);
    out.write((message.length + " ").getBytes(StandardCharsets.US_ASCII));
    out.write(message);
  }

  private String message(AuditRecord record) {
    var event = record.event();
    return "<%d>1 %s %s lanyard - %s - %s"
        .formatted(
            FACILITY * BY_FACILITY + severity(event.outcome()),
            event.at().truncatedTo(ChronoUnit.MILLIS),
            host,
            id(event),
            format.line(record));
  }

  /// 32 printable characters at most.
  private static String id(AuditEvent event) {
    var id = event.type().replaceAll("[^!-~]", "-");
    return id.length() > 32 ? id.substring(0, 32) : id;
  }

  private static int severity(Outcome outcome) {
    return switch (outcome) {
      case SUCCESS -> INFORMATIONAL;
      case REFUSED -> NOTICE;
      case FAULT -> WARNING;
    };
  }
}
