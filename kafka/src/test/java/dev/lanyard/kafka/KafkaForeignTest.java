package dev.lanyard.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.export.ExportConfig;
import dev.lanyard.server.export.ExportConfig.Broker;
import dev.lanyard.server.export.ExportConfig.Place;
import dev.lanyard.server.export.ExportConfig.Target;
import dev.lanyard.server.export.Exports;
import dev.lanyard.server.export.Format;
import dev.lanyard.server.export.KafkaSettings;
import dev.lanyard.server.export.KafkaSinks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("foreign")
@DisplayName("AUD-4: the audit record in topics of a real broker of Kafka")
class KafkaForeignTest {
  private static final Issuer SELF = new Issuer("https://broker.example");

  /// More than one batch.
  private static final int MANY = 1_500;

  private static final int ATTEMPTS = 12;

  @TempDir static Path home;
  private static KafkaBroker kafka;

  @BeforeAll
  static void start() throws Exception {
    kafka = KafkaBroker.start(home);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  private static Target.Kafka target(String broker, String topic, String... settings) {
    return new Target.Kafka(
        List.of(Broker.parse(broker)),
        topic,
        KafkaSettings.parse(new Secret(String.join("\n", settings))));
  }

  private static Target.Kafka plain(String topic) {
    return target(kafka.plain(), topic, "security.protocol=PLAINTEXT");
  }

  private static Target.Kafka secure(String topic, String user, String password) {
    return target(
        kafka.secure(),
        topic,
        "security.protocol=SASL_SSL",
        "ssl.truststore.type=PKCS12",
        "ssl.truststore.location=" + kafka.trusted(),
        "ssl.truststore.password=changeit",
        "sasl.mechanism=PLAIN",
        "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"%s\" password=\"%s\";".formatted(user, password));
  }

  private static void send(Target.Kafka target) throws IOException {
    try (var sink = KafkaSinks.installed().orElseThrow().open(target, Format.OCSF, SELF.value())) {
      sink.send(List.of(new AuditRecord(1, event("one"))));
    }
  }

  /// Sends as the exporter does: again, while a slow machine has not even found the topic.
  private static void sendPatiently(Target.Kafka target) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        send(target);
        return;
      } catch (IOException e) {
        if (attempt == ATTEMPTS || !e.getMessage().contains("not present in metadata")) {
          throw e;
        }
      }
    }
  }

  private static AuditEvent event(String id) {
    return AuditEvent.of(
        "sign-in", Outcome.SUCCESS, Clock.systemUTC().instant(), id, JsonObject.EMPTY);
  }

  private static void append(Database database, int from, int to) {
    var events = IntStream.range(from, to).mapToObj(i -> event("request-" + i)).toList();
    database.write(connection -> {
      AuditLog.append(connection, events);
      return true;
    });
  }

  private static Exports exports(Database database, Target.Kafka target) {
    return Exports.start(
        new ExportConfig(List.of(new Place("stream", Format.JSON, target))),
        SELF,
        database,
        records -> records,
        EgressPolicy.strict().exposingLoopback(),
        Clock.systemUTC());
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static List<Long> numbers(List<ConsumerRecord<String, String>> records) {
    return records.stream().map(one -> Long.valueOf(one.key())).toList();
  }

  @Test
  @DisplayName("Each arrives once, in order in the first partition, with its number as the key")
  void in_order(@TempDir Path folder) throws Exception {
    kafka.topic("in-order", 3);
    try (var database =
        Database.open(DatabaseConfig.sqlite(folder.resolve("a.db")), Clock.systemUTC())) {
      append(database, 0, MANY);
      try (var _ = exports(database, plain("in-order"))) {
        var arrived = new Topic(kafka.plain(), "in-order", 3).until(MANY);
        assertThat(arrived).hasSize(MANY).allMatch(one -> one.partition() == 0);
        assertThat(numbers(arrived)).isSorted().doesNotHaveDuplicates();
        var first = arrived.getFirst();
        var value = JsonObject.parse(first.value());
        assertThat(value.integer("sequence")).contains(Long.valueOf(first.key()));
        assertThat(value.string("correlation_id")).contains("request-0");
        assertThat(Instant.parse(value.string("at").orElseThrow()).toEpochMilli())
            .isEqualTo(first.timestamp());
        assertThat(header(first, "type")).isEqualTo("sign-in");
        assertThat(header(first, "format")).isEqualTo("json");
        assertThat(header(first, "source")).isEqualTo(SELF.value());
      }
    }
  }

  @Test
  @DisplayName("What could not be sent while the broker was dead comes when it is back")
  void killed(@TempDir Path folder) throws Exception {
    kafka.topic("killed", 1);
    var topic = new Topic(kafka.plain(), "killed", 1);
    try (var database =
            Database.open(DatabaseConfig.sqlite(folder.resolve("a.db")), Clock.systemUTC());
        var exports = exports(database, plain("killed"))) {
      append(database, 0, 10);
      topic.until(10);
      kafka.kill();
      try {
        append(database, 10, MANY);
        long giveUp = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (exports.lagSeconds().get("stream") == 0) {
          assertThat(System.nanoTime()).as("no lag").isLessThan(giveUp);
          Thread.sleep(100);
        }
      } finally {
        kafka.again();
      }
      var arrived = numbers(topic.until(MANY));
      assertThat(arrived.stream().distinct().toList())
          .as("doubles are told by their number")
          .hasSize(MANY)
          .isSorted();
    }
  }

  @Test
  @DisplayName("Over TLS with a password, to a topic that the name may write")
  void secure() throws Exception {
    kafka.topic("secure", 1);
    sendPatiently(secure("secure", "lanyard", KafkaBroker.PASSWORD));
    assertThat(new Topic(kafka.plain(), "secure", 1).until(1))
        .singleElement()
        .satisfies(one -> assertThat(one.value()).contains("\"class_uid\":3002"));
  }

  @Test
  @DisplayName("A topic that is not there gets nothing, and is named")
  void no_topic() {
    assertThatThrownBy(() -> send(plain("nowhere")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  @DisplayName("SEC-10: whoever may not write, or is not known, hears so without a password")
  void not_permitted() throws Exception {
    kafka.topic("closed", 1);
    assertThatThrownBy(
            () -> sendPatiently(secure("closed", "stranger", KafkaBroker.STRANGERS_PASSWORD)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Not authorized")
        .hasMessageContaining("closed")
        .hasMessageNotContaining("hush");
    assertThatThrownBy(() -> sendPatiently(secure("closed", "lanyard", "hush-of-nobody")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Authentication failed")
        .hasMessageNotContaining("hush");
  }

  @Test
  @DisplayName("A broker whose certificate nobody trusts gets neither records nor the password")
  void not_trusted() {
    assertThatThrownBy(
            () -> sendPatiently(target(kafka.secure(), "closed", "security.protocol=SSL")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("SSL handshake failed");
  }

  @Test
  @DisplayName("SEC-10: settings that the client cannot understand are not quoted")
  void not_understood() {
    assertThatThrownBy(() ->
            send(
                target(
                    kafka.secure(),
                    "closed",
                    "security.protocol=SASL_SSL",
                    "sasl.mechanism=PLAIN",
                    "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule"
                        + " required username=lanyard password=hush hush-again;")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("properties_file")
        .hasMessageNotContaining("hush")
        .hasNoCause();
  }
}
