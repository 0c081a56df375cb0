package dev.lanyard.server.app.node;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.telemetry.Telemetry;
import dev.lanyard.server.tracing.Tracer;
import java.time.InstantSource;
import java.util.Optional;

/// The OpenTelemetry collector, if there is one.
final class Collector {
  private Collector() {}

  /// Begins to tell it, if it is configured. Its own requests are no steps of anything.
  static Optional<Telemetry> start(Configuration config, Metrics metrics, InstantSource clock) {
    return Optional.of(config.outside().telemetry())
        .filter(one -> one.isOn())
        .map(one ->
            Telemetry.start(one, version(), metrics, new EgressClient(config.outbound()), clock));
  }

  private static String version() {
    return Optional.ofNullable(Collector.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  static Tracer tracer(Optional<Telemetry> telemetry) {
    return telemetry.map(Telemetry::tracer).orElse(Tracer.OFF);
  }
}
