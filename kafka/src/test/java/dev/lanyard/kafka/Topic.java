package dev.lanyard.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/// A topic as somebody reads it who wants all of it.
record Topic(String broker, String name, int partitions) {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /// Reads every partition from the beginning until there are so many different keys, and then to
  /// the end.
  List<ConsumerRecord<String, String>> until(int keys) {
    var read = new ArrayList<ConsumerRecord<String, String>>();
    var seen = new HashSet<String>();
    long giveUp = System.nanoTime() + LIMIT.toNanos();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker),
            new StringDeserializer(),
            new StringDeserializer())) {
      var all = IntStream.range(0, partitions).mapToObj(i -> new TopicPartition(name, i)).toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      while (seen.size() < keys || !atEnd(consumer, all)) {
        if (System.nanoTime() > giveUp) {
          throw new AssertionError("only " + seen.size() + " of " + keys + " have arrived");
        }
        consumer
            .poll(Duration.ofMillis(500))
            .forEach(one -> {
              read.add(one);
              seen.add(one.key());
            });
      }
    }
    return read;
  }

  private static boolean atEnd(KafkaConsumer<String, String> consumer, List<TopicPartition> all) {
    var ends = consumer.endOffsets(all);
    return all.stream().allMatch(one -> consumer.position(one) >= ends.get(one));
  }
}
