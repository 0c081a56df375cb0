package dev.lanyard.server.export;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Revealing;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.export.ExportConfig.Place;
import dev.lanyard.server.export.ExportConfig.Target;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// All exports of this node. Thread-safe.
public final class Exports implements AutoCloseable {
  /// Longer than a restart of the other side; then somebody should look.
  public static final Duration STALLED = Duration.ofMinutes(5);

  private final List<Exporter> exporters;

  private Exports(List<Exporter> exporters) {
    this.exporters = exporters;
  }

  /// Starts to send.
  ///
  /// @param self the installation, by which its records are told from others'
  /// @param revealing puts back what is concealed: a place has all of a record that is not erased,
  ///   whether it is sent before the record is concealed or after
  /// @param outbound where our own requests may go, and whom we trust there
  public static Exports start(
      ExportConfig config,
      Issuer self,
      Database database,
      Revealing revealing,
      EgressPolicy outbound,
      InstantSource clock) {
    var node = UUID.randomUUID().toString();
    var exporters =
        config.places().stream()
            .map(place ->
                Exporter.of(
                    place.name(),
                    new Positions(database, place.name(), node, clock),
                    revealed(sink(place, self, outbound), revealing),
                    new Alarms(database),
                    clock))
            .toList();
    exporters.forEach(Exporter::start);
    return new Exports(exporters);
  }

  static Sink revealed(Sink sink, Revealing revealing) {
    return new Revealed(sink, revealing);
  }

  private record Revealed(Sink sink, Revealing revealing) implements Sink {
    @Override
    public void send(List<AuditRecord> records) throws IOException {
      sink.send(revealing.reveal(records));
    }

    @Override
    public void close() {
      sink.close();
    }
  }

  static Sink sink(Place place, Issuer self, EgressPolicy outbound) {
    return switch (place.target()) {
      case Target.File(var path) -> new FileSink(path, place.format());
      case Target.Syslog syslog ->
          new SyslogSink(
              syslog,
              place.format(),
              Optional.ofNullable(URI.create(self.value()).getHost()).orElse("-"),
              TrustedTls.context(outbound.authorities()));
      case Target.Collector collector ->
          new CollectorSink(collector, place.format(), self.value(), new EgressClient(outbound));
      case Target.Kafka kafka ->
          new GuardedBrokers(
              kafka,
              outbound,
              KafkaSinks.installed()
                  .orElseThrow(() -> new IllegalStateException("the module kafka is not there"))
                  .open(kafka, place.format(), self.value()));
    };
  }

  /// For how many seconds the oldest record waits that a place does not have.
  public Map<String, Integer> lagSeconds() {
    return exporters.stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Exporter::place, one -> Math.toIntExact(one.lag().toSeconds())));
  }

  /// The threads that have ended before their end, by their names.
  public List<String> endedThreads() {
    return exporters.stream()
        .filter(one -> !one.isAlive())
        .map(one -> "export-" + one.place())
        .toList();
  }

  /// How many places are behind by more than [#STALLED].
  public int stalled() {
    return (int) exporters.stream().filter(one -> one.lag().compareTo(STALLED) > 0).count();
  }

  @Override
  public void close() {
    exporters.forEach(Exporter::close);
  }
}
