package dev.lanyard.server.app.node;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Dispatcher;
import dev.lanyard.server.export.Exports;
import dev.lanyard.server.http.BodyBudget;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.receipts.ReceiptDesk;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.transparency.TransparencyLog;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What this node tells of itself in figures.
final class Figures {
  /// A kill is to be everywhere within milliseconds; what takes seconds is the alarm.
  private static final double[] SECONDS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60
  };

  private static final double NANOS = 1e9;

  private Figures() {}

  /// The change feed and the group commit.
  static void ofDatabase(Metrics metrics, Database database) {
    var changes = database.changes();
    metrics.gauge(
        "lanyard_feed_age_seconds",
        "How long ago this node last knew that it had missed no change; beyond database.stale_after"
            + " it refuses everybody.",
        () -> changes.age().toNanos() / NANOS);
    var applied =
        metrics.times(
            "lanyard_change_seconds",
            "From the writing of a change, on whatever node, until this node has applied it.",
            SECONDS,
            "kind");
    changes.measure(applied::add);
    metrics.counted(
        "lanyard_group_commit_batches",
        "Shared transactions of requests.",
        () -> database.groupCommit().batches());
    metrics.counted(
        "lanyard_group_commit_units",
        "Requests in shared transactions; by the batches, their size.",
        () -> database.groupCommit().units());
    metrics.counted(
        "lanyard_refused_transactions",
        "Transactions that the database did not take, each unit of a shared one; requests among"
            + " them were answered with a fault.",
        () -> database.refusals().seen().transactions());
  }

  /// What is done again and again, and the files that are followed.
  static void ofJobs(Metrics metrics, Jobs jobs, Upkeep upkeep) {
    metrics.gauges(
        "lanyard_job_failing_seconds",
        "For how long something that this process does again and again has only failed; 0 if it"
            + " succeeded the last time.",
        "job",
        jobs::failingSeconds);
    metrics.gauges(
        "lanyard_job_running_seconds",
        "For how long something that this process does again and again has been under way; only"
            + " what is.",
        "job",
        jobs::underWaySeconds);
    metrics.gauges(
        "lanyard_refused_files",
        "Files whose last change is broken, so that the version before is in force: 1 for each.",
        "file",
        () -> each(upkeep.refused().keySet()));
  }

  /// @param ended their names
  static void ofThreads(Metrics metrics, Supplier<List<String>> ended) {
    metrics.gauges(
        "lanyard_ended_threads",
        "Threads that only a restart brings back: 1 for each.",
        "thread",
        () -> each(ended.get()));
  }

  private static Map<String, Integer> each(Collection<String> names) {
    return names.stream().collect(Collectors.toUnmodifiableMap(name -> name, _ -> 1, (a, _) -> a));
  }

  /// The listeners with TLS.
  static void ofCertificates(Metrics metrics, CertificateWatch certificates) {
    metrics.gauges(
        "lanyard_certificate_days",
        "How many days the certificate of a listener is valid; below zero after its end.",
        "listener",
        certificates::days);
  }

  /// The tree over the audit record.
  static void ofAudit(Metrics metrics, TransparencyLog log) {
    metrics.gauge(
        "lanyard_audit_log_records",
        "Audit records that a signed checkpoint of the log covers, as this node has seen it last.",
        log::covered);
    metrics.gauge(
        "lanyard_audit_log_round_age_seconds",
        "How long ago this node last found every audit record covered, or another node at it;"
            + " minutes mean that the log does not grow.",
        () -> log.sinceLastRound().toNanos() / NANOS);
  }

  /// The kill.
  static void ofRevocation(Metrics metrics, Revocation revocation) {
    metrics.gauge(
        "lanyard_denials",
        "What is dead before its time, in the memory of this node.",
        () -> revocation.denied().size());
    var kills =
        metrics.count(
            "lanyard_signals",
            "Signals that came to this node, by their source and what became of them.",
            "source",
            "reaction");
    var times =
        metrics.times(
            "lanyard_signal_seconds",
            "From taking a signal in until this node enforces it.",
            SECONDS,
            "source");
    revocation.measure((source, reaction, since) -> {
      var from = source.name().toLowerCase(Locale.ROOT);
      kills.add(from, reaction.getClass().getSimpleName().toLowerCase(Locale.ROOT));
      times.add(from, since);
    });
  }

  /// Messages to outside, receipts and alarms.
  static void ofDeliveries(Metrics metrics, Dispatcher deliveries, Reconciler reconciler) {
    metrics.gauge(
        "lanyard_deliveries_waiting",
        "Messages that have not arrived yet, receipts that are asked for among them.",
        () -> deliveries.backlog().waiting());
    metrics.gauge(
        "lanyard_deliveries_dead",
        "Messages that were given up: lanyard delivery list.",
        () -> deliveries.backlog().dead());
    metrics.gauge(
        "lanyard_receipts_waiting",
        "Receipts that are asked for and not final.",
        () -> deliveries.waiting(ReceiptDesk.KIND));
    metrics.gauges(
        "lanyard_alarms",
        "Alarms that stand, by their kind; signals-silent: a source of signals was not heard.",
        "kind",
        reconciler::alarmsByKind);
  }

  /// The audit record on its way outside.
  static void ofExports(Metrics metrics, Exports exports) {
    metrics.gauges(
        "lanyard_export_lag_seconds",
        "How long the oldest record waits that a place outside does not have.",
        "export",
        exports::lagSeconds);
  }

  /// The memory that request bodies share.
  static void ofBodies(Metrics metrics, BodyBudget bodies) {
    metrics.gauge(
        "lanyard_http_bodies_bytes",
        "What request bodies take that arrive or are handled.",
        bodies::used);
    metrics.gauge(
        "lanyard_http_bodies_max_bytes",
        "What they may take together: a quarter of the heap.",
        bodies::all);
    metrics.counted(
        "lanyard_http_bodies_refused",
        "Requests answered with 503 because there was no memory for their bodies.",
        bodies::refused);
  }

  /// The Java virtual machine.
  static void ofProcess(Metrics metrics) {
    var memory = ManagementFactory.getMemoryMXBean();
    metrics.gauge(
        "jvm_heap_used_bytes",
        "Heap in use, garbage included.",
        () -> memory.getHeapMemoryUsage().getUsed());
    metrics.gauge(
        "jvm_heap_max_bytes",
        "What the heap may grow to: LANYARD_HEAP.",
        () -> memory.getHeapMemoryUsage().getMax());
    metrics.gauge(
        "jvm_nonheap_used_bytes",
        "Classes and compiled code.",
        () -> memory.getNonHeapMemoryUsage().getUsed());
    metrics.counted(
        "jvm_gc_seconds",
        "Time spent collecting garbage.",
        () ->
            ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .mapToLong(gc -> Math.max(0, gc.getCollectionTime()))
                    .sum()
                / 1e3);
  }
}
