package dev.lanyard.server.telemetry;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.tracing.Step;
import dev.lanyard.server.tracing.Tracer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends steps and figures to a collector, on threads of its own. Thread-safe.
///
/// The collector is no part of what must be recorded: the audit record is. A batch that it does not
/// take now is sent again as long as there is room for what comes meanwhile; then the newest steps
/// are dropped, and counted.
public final class Telemetry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
  private static final int MOST_WAITING = 8_192;
  private static final int MOST_IN_BATCH = 512;
  private static final int MOST_ANSWER = 64 * 1024;
  private static final Duration GATHER = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TelemetryConfig config;
  private final Metrics metrics;
  private final Otlp otlp;
  private final EgressClient egress;
  private final InstantSource clock;
  private final Instant start;
  private final BlockingQueue<Step> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final LongAdder dropped = new LongAdder();
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  private Telemetry(
      TelemetryConfig config,
      String version,
      Metrics metrics,
      EgressClient egress,
      InstantSource clock) {
    this.config = config;
    this.metrics = metrics;
    this.otlp =
        new Otlp(
            Map.of(
                "service.name", config.service(),
                "service.version", version,
                "service.instance.id", UUID.randomUUID().toString()));
    this.egress = egress.limitedTo(PATIENCE, MOST_ANSWER);
    this.clock = clock;
    this.start = clock.instant();
  }

  /// Begins to send what the configuration names; nothing, if that is nothing.
  ///
  /// @param version of this program
  /// @param metrics whose figures are sent
  /// @param egress the only way out
  public static Telemetry start(
      TelemetryConfig config,
      String version,
      Metrics metrics,
      EgressClient egress,
      InstantSource clock) {
    var telemetry = new Telemetry(config, version, metrics, egress, clock);
    config.traces().ifPresent(url -> telemetry.run("telemetry-traces", () -> telemetry.steps(url)));
    config
        .metrics()
        .ifPresent(url -> telemetry.run("telemetry-metrics", () -> telemetry.figures(url)));
    if (config.traces().isPresent()) {
      metrics.counted(
          "lanyard_telemetry_dropped",
          "Steps of requests that the collector of traces did not take in time.",
          telemetry.dropped::sum);
    }
    return telemetry;
  }

  private void run(String name, Loop loop) {
    threads.add(
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .start(() -> {
              try {
                go(name, loop);
              } catch (InterruptedException e) {
                LOG.debug("{} ends", name);
              }
            }));
  }

  /// A fault of ours, or a figure that the database does not tell now, must not end it for ever.
  private void go(String name, Loop loop) throws InterruptedException {
    boolean failed;
    do {
      try {
        loop.run();
        failed = false;
      } catch (RuntimeException | Error e) {
        LOG.error("{} failed; it goes on", name, e);
        failed = !closing.await(GATHER.toMillis(), TimeUnit.MILLISECONDS);
      }
    } while (failed);
  }

  private interface Loop {
    void run() throws InterruptedException;
  }

  /// Records steps if somebody gets them.
  public Tracer tracer() {
    return config.traces().isPresent() ? new Tracer(config.share(), this::take, clock) : Tracer.OFF;
  }

  private void take(Step step) {
    if (!waiting.offer(step)) {
      dropped.increment();
    }
  }

  private void steps(URI url) throws InterruptedException {
    var batch = new ArrayList<Step>();
    while (!isClosing() || !waiting.isEmpty()) {
      var first = waiting.poll(GATHER.toMillis(), TimeUnit.MILLISECONDS);
      if (first == null) {
        continue;
      }
      batch.add(first);
      if (waiting.size() < MOST_IN_BATCH) {
        var _ = closing.await(GATHER.toMillis(), TimeUnit.MILLISECONDS);
      }
      waiting.drainTo(batch, MOST_IN_BATCH - 1);
      var body = otlp.traces(batch);
      while (!isTaken(url, body)) {
        if (closing.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
      batch.clear();
    }
  }

  private void figures(URI url) throws InterruptedException {
    do {
      // What is not taken is part of the next ones: they count from the start.
      var _ = isTaken(url, otlp.metrics(metrics.figures(), start, clock.instant()));
    } while (!closing.await(config.every().toMillis(), TimeUnit.MILLISECONDS));
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /// @return whether it need not be sent again: it was taken, or will never be
  private boolean isTaken(URI url, JsonObject body) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/json");
    config
        .header()
        .ifPresent(secret -> {
          var parts = secret.reveal().split(": ?", 2);
          headers.put(parts[0], parts[1]);
        });
    return switch (egress.send(new EgressRequest("POST", url, headers, body.toJson()))) {
      case EgressResult.Answered(var status, _, _) when status / 100 == 2 -> true;
      case EgressResult.Answered(var status, _, _) -> {
        LOG.warn("{} answered {}", url.getHost(), status);
        yield status != 429 && status != 502 && status != 503 && status != 504;
      }
      case EgressResult.Refused(var why) -> {
        LOG.warn("{} may not be told: {}", url.getHost(), why);
        yield true;
      }
      case EgressResult.Failed(var why) -> {
        LOG.warn("{} is not reached: {}", url.getHost(), why);
        yield false;
      }
    };
  }

  /// Sends what waits, if that is quick.
  @Override
  public void close() {
    closing.countDown();
    try {
      for (var thread : threads) {
        var _ = thread.join(GATHER.plus(GATHER));
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
