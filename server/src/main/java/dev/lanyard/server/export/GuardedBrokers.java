package dev.lanyard.server.export;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.export.ExportConfig.Broker;
import dev.lanyard.server.export.ExportConfig.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Sends only while every configured broker is where our own requests may go (SEC-6), and without
/// TLS only on this machine. Asked before each batch: names change.
///
/// **Does not check** where the client of Kafka really connects: it looks names up again by itself
/// and follows the brokers to the addresses that they advertise. There the network decides.
final class GuardedBrokers implements Sink {
  private final Target.Kafka target;
  private final EgressPolicy outbound;
  private final Sink sink;

  GuardedBrokers(Target.Kafka target, EgressPolicy outbound, Sink sink) {
    this.target = target;
    this.outbound = outbound;
    this.sink = sink;
  }

  @Override
  public void send(List<AuditRecord> records) throws IOException {
    int known = 0;
    for (var broker : target.brokers()) {
      known += check(broker);
    }
    if (known == 0) {
      throw new IOException("no broker's name has an address");
    }
    sink.send(records);
  }

  /// How many addresses it has: the client manages with one broker of several.
  private int check(Broker broker) throws IOException {
    try {
      var addresses = InetAddress.getAllByName(broker.host());
      for (var address : addresses) {
        check(broker, address);
      }
      return addresses.length;
    } catch (UnknownHostException e) {
      return 0;
    }
  }

  private void check(Broker broker, InetAddress address) throws IOException {
    if (!outbound.permits(broker.host(), address)) {
      throw new IOException(
          "not allowed to go to %s: outbound does not name it".formatted(broker.text()));
    }
    if (!target.settings().encrypted()
        && !(outbound.exposesLoopback() && address.isLoopbackAddress())) {
      throw new IOException(
          "not allowed to go to %s without TLS: security.protocol must be SSL or SASL_SSL"
              .formatted(broker.text()));
    }
  }

  @Override
  public void close() {
    sink.close();
  }
}
