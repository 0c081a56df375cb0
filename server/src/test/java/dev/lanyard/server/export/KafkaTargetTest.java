package dev.lanyard.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.export.ExportConfig.Broker;
import dev.lanyard.server.export.ExportConfig.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What the server decides about Kafka, with or without its client")
class KafkaTargetTest {
  private static KafkaSettings settings(String... lines) {
    return KafkaSettings.parse(new Secret(String.join("\n", lines)));
  }

  @Nested
  @DisplayName("The file of properties")
  class Settings {
    @Test
    @DisplayName("says how we prove ourselves; a file without a protocol means TLS, as none does")
    void ours() {
      assertThat(KafkaSettings.NONE.reveal()).containsOnly(entry("security.protocol", "SSL"));
      assertThat(settings("sasl.mechanism = PLAIN", "ssl.truststore.type=PEM").reveal())
          .containsOnly(
              entry("security.protocol", "SSL"),
              entry("sasl.mechanism", "PLAIN"),
              entry("ssl.truststore.type", "PEM"));
    }

    private static Map.Entry<String, String> entry(String key, String value) {
      return Map.entry(key, value);
    }

    @ParameterizedTest
    @DisplayName("cannot weaken what an export promises, or who a broker must be")
    @ValueSource(
        strings = {
          "acks",
          "enable.idempotence",
          "key.serializer",
          "value.serializer",
          "delivery.timeout.ms",
          "bootstrap.servers",
          "interceptor.classes",
          "ssl.endpoint.identification.algorithm",
          "ssl.engine.factory.class"
        })
    void not_ours(String key) {
      assertThatThrownBy(() -> settings(key + "=hush"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + key + "'")
          .hasMessageNotContaining("hush");
    }

    @Test
    @DisplayName("SEC-10: shows no value, also where it cannot be understood")
    void hidden() {
      assertThat(settings("sasl.jaas.config=hush").toString()).doesNotContain("hush");
      assertThatThrownBy(() -> settings("sasl.jaas.config=hush\\uXYZ"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("hush")
          .hasNoCause();
      assertThatThrownBy(() -> settings("security.protocol=hush"))
          .hasMessageContaining("SASL_SSL")
          .hasMessageNotContaining("hush");
    }
  }

  @Nested
  @DisplayName("SEC-6: the brokers")
  class Brokers {
    private final List<AuditRecord> sent = new ArrayList<>();

    private void send(EgressPolicy outbound, KafkaSettings settings, String... brokers)
        throws IOException {
      var target =
          new Target.Kafka(Stream.of(brokers).map(Broker::parse).toList(), "audit", settings);
      new GuardedBrokers(target, outbound, sent::addAll)
          .send(List.of(SinksTest.records(1, 2).getFirst()));
    }

    @Test
    @DisplayName("inside the network are named in outbound, each of them, or nothing is sent")
    void inside() throws IOException {
      var outbound = EgressPolicy.strict().exposingInternalHosts(Set.of("10.0.0.1"));
      assertThatThrownBy(() -> send(outbound, KafkaSettings.NONE, "10.0.0.1:9093", "10.0.0.2:9093"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("10.0.0.2:9093")
          .hasMessageContaining("outbound");
      assertThat(sent).isEmpty();
      send(outbound, KafkaSettings.NONE, "10.0.0.1:9093");
      assertThat(sent).hasSize(1);
    }

    @Test
    @DisplayName("get nothing without TLS, but for those on this machine")
    void plain() throws IOException {
      var plain = settings("security.protocol=SASL_PLAINTEXT");
      var outbound =
          EgressPolicy.strict().exposingLoopback().exposingInternalHosts(Set.of("10.0.0.1"));
      assertThatThrownBy(() -> send(outbound, plain, "10.0.0.1:9092"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("without TLS");
      assertThat(sent).isEmpty();
      send(outbound, plain, "127.0.0.1:9092", "[::1]:9092");
      assertThat(sent).hasSize(1);
    }

    @Test
    @DisplayName("may have names that nobody knows, as long as one is known")
    void unknown() throws IOException {
      var outbound = EgressPolicy.strict().exposingLoopback();
      assertThatThrownBy(() -> send(outbound, KafkaSettings.NONE, "a..b:9093"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no broker's name");
      assertThat(sent).isEmpty();
      send(outbound, KafkaSettings.NONE, "a..b:9093", "127.0.0.1:9093");
      assertThat(sent).hasSize(1);
    }
  }
}
