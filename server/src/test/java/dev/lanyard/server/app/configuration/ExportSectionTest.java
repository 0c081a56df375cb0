package dev.lanyard.server.app.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.export.ExportConfig.Target;
import dev.lanyard.server.export.Format;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The section exports of the configuration, and a server that does as it says")
class ExportSectionTest {
  private Installed installed;

  @BeforeEach
  void install(@TempDir Path folder) throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
  }

  private Configuration with(String section) throws IOException {
    var yaml = installed.configuration();
    Files.writeString(yaml, Files.readString(yaml) + "\n" + section);
    return ConfigurationFile.read(yaml, Map.of());
  }

  @Test
  void nobody_gets_the_record_by_default() throws IOException {
    assertThat(with("").outside().exports().places()).isEmpty();
  }

  @Test
  void each_kind_of_place() throws IOException {
    Files.writeString(installed.configuration().resolveSibling("secrets/splunk"), "hush\n");
    var places =
        with("""
        exports:
          - {name: one, format: ocsf, to: http, url: "https://splunk.example/x", token_file: secrets/splunk}
          - {name: two, format: cef, to: syslog, host: siem.example}
          - {name: three, format: ecs, to: file, path: data/audit.jsonl}
        """)
            .outside()
            .exports()
            .places();
    assertThat(places)
        .extracting(one -> one.format())
        .containsExactly(Format.OCSF, Format.CEF, Format.ECS);
    assertThat(places.get(1).target()).isEqualTo(new Target.Syslog("siem.example", 6514));
    assertThat(places.getFirst().toString()).as("AUD-4").doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: one, format: xml, to: file, path: x}|json, ocsf, ecs, cef",
        "{name: one, format: json, to: fax, path: x}|file, syslog, http, kafka",
        "{name: One, format: json, to: file, path: x}|small letters",
        "{name: one, format: json, to: syslog, host: x, port: 70000}|no host and port",
        "{name: one, format: json, to: kafka, brokers: ['a.example:9093'], topic: x}"
            + "|: 'kafka' needs the module kafka, which is not here: set LANYARD_MODULES=kafka",
        "{name: one, format: json, to: kafka, brokers: [], topic: x}|names none",
        "{name: one, format: json, to: kafka, brokers: ['a.example'], topic: x}|a host and a port",
        "{name: one, format: json, to: kafka, brokers: ['a.example:70000'], topic: x}|a host and a"
            + " port",
        "{name: one, format: json, to: kafka, brokers: ['a.example:9093'], topic: ..}|no topic",
        "{name: one, format: json, to: file}|path",
        "{name: one, format: json, to: file, path: x, tail: y}|tail"
      })
  void what_is_wrong_stops_the_start(String place, String told) {
    assertThatThrownBy(() -> with("exports: [" + place + "]"))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining(told);
  }

  @Test
  void two_of_one_name() {
    var place = "{name: one, format: json, to: file, path: x}";
    assertThatThrownBy(() -> with("exports: [" + place + ", " + place + "]"))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining("two exports are called 'one'");
  }

  @Test
  @DisplayName(
      "A running server writes what it has recorded, and goes on where it was after a restart")
  void running() throws Exception {
    var config = with("exports: [{name: archive, format: json, to: file, path: data/audit.jsonl}]");
    var file = installed.configuration().resolveSibling("data/audit.jsonl");
    for (var id : List.of("before", "after")) {
      try (var lanyard = Lanyard.start(config, Clock.systemUTC())) {
        lanyard
            .audit()
            .append(
                AuditEvent.of(
                    "sign-in", Outcome.SUCCESS, Clock.systemUTC().instant(), id, JsonObject.EMPTY));
        awaitIn(file, id);
      }
    }
    var ids = Files.readAllLines(file).stream().map(ExportSectionTest::correlationId).toList();
    assertThat(ids).containsOnlyOnce("before", "after");
  }

  private static void awaitIn(Path file, String id) throws Exception {
    Soon.until(
        id + " arrives",
        () ->
            Files.exists(file)
                && Files.readAllLines(file).stream()
                    .anyMatch(line -> correlationId(line).equals(id)));
  }

  private static String correlationId(String line) {
    try {
      return JsonObject.parse(line).string("correlation_id").orElse("");
    } catch (MalformedException e) {
      return "";
    }
  }
}
