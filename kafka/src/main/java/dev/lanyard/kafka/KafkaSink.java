package dev.lanyard.kafka;

import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.export.ExportConfig.Broker;
import dev.lanyard.server.export.ExportConfig.Target;
import dev.lanyard.server.export.Sink;
import dev.lanyard.server.export.TooLargeException;
import dev.lanyard.server.export.TookTooLongException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringSerializer;

/// Sends records to the first partition of a topic, in their order, and returns when every replica
/// in sync has all of them.
///
/// One producer is kept as long as nothing fails: the brokers remember each for a day. What fails
/// ends it with all that it has not sent, so that nothing of an old batch leaves after a newer one
/// has begun.
final class KafkaSink implements Sink {
  /// No record is handed over later than this after the batch has begun.
  private static final Duration BEGUN = PATIENCE.dividedBy(2);

  /// For the last record that was handed over in time, and everything before it.
  private static final Duration ACKNOWLEDGED = PATIENCE.multipliedBy(3).dividedBy(4);

  /// For the brokers to say where the partition is, from the first connection on.
  private static final Duration FOUND = PATIENCE.dividedBy(2);

  /// For one answer; within [#PATIENCE] another broker is asked.
  private static final Duration ANSWERED = PATIENCE.dividedBy(4);

  /// Larger than brokers take as a rule: they decide.
  private static final int MOST_BYTES = 8 * 1024 * 1024;

  private final Target.Kafka target;
  private final Messages messages;
  private volatile Optional<Producer<String, String>> kept = Optional.empty();

  KafkaSink(Target.Kafka target, Messages messages) {
    this.target = target;
    this.messages = messages;
  }

  @Override
  public void send(List<AuditRecord> records) throws IOException {
    long begun = System.nanoTime();
    boolean arrived = false;
    try {
      var producer = producer();
      var sent = new ArrayList<Future<RecordMetadata>>();
      for (var record : records) {
        if (left(begun, BEGUN) <= 0) {
          throw tooLong(records);
        }
        var one = producer.send(messages.of(record));
        if (one.isDone()) {
          one.get();
        }
        sent.add(one);
      }
      for (var one : sent) {
        one.get(left(begun, ACKNOWLEDGED), TimeUnit.NANOSECONDS);
      }
      arrived = true;
    } catch (TimeoutException e) {
      throw tooLong(records);
    } catch (ExecutionException e) {
      if (Failure.isOfSize(e)) {
        throw new TooLargeException("not in Kafka: " + Failure.words(e));
      }
      throw new IOException("not in Kafka: " + Failure.words(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted");
    } catch (KafkaException e) {
      // An InterruptException has set the mark of the thread itself.
      throw new IOException("not in Kafka: " + Failure.words(e));
    } finally {
      if (!arrived) {
        close();
      }
    }
  }

  private static long left(long begun, Duration patience) {
    return Math.max(0, patience.toNanos() - (System.nanoTime() - begun));
  }

  private static TookTooLongException tooLong(List<AuditRecord> records) {
    return new TookTooLongException(
        "the brokers took too long for %d records".formatted(records.size()));
  }

  private Producer<String, String> producer() throws IOException {
    if (kept.isEmpty()) {
      kept = Optional.of(open());
    }
    return kept.get();
  }

  private Producer<String, String> open() throws IOException {
    try {
      return new KafkaProducer<>(settings(), new StringSerializer(), new StringSerializer());
    } catch (KafkaException | IllegalArgumentException e) {
      // Neither what it says nor its cause: both may quote the settings (SEC-10).
      throw new IOException(
          "the client of Kafka does not take its settings (%s): look at properties_file"
              .formatted(Failure.kinds(e)));
    }
  }

  private Map<String, Object> settings() {
    var settings = new HashMap<String, Object>(target.settings().reveal());
    settings.put(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        target.brokers().stream().map(Broker::text).collect(Collectors.joining(",")));
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, FOUND.toMillis());
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWERED.toMillis());
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_BYTES);
    // Brokers may ask clients for their metrics; nobody here has said that they may have them.
    settings.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    return settings;
  }

  @Override
  public void close() {
    var producer = kept;
    kept = Optional.empty();
    producer.ifPresent(KafkaSink::end);
  }

  private static void end(Producer<String, String> producer) {
    try {
      producer.close(Duration.ZERO);
    } catch (InterruptException e) {
      // It has ended what it had all the same, and the mark of the thread is set.
      Thread.currentThread().interrupt();
    }
  }
}
