package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.export.ExportConfig;
import dev.lanyard.server.export.ExportConfig.Broker;
import dev.lanyard.server.export.ExportConfig.Place;
import dev.lanyard.server.export.ExportConfig.Target;
import dev.lanyard.server.export.Format;
import dev.lanyard.server.export.KafkaSettings;
import dev.lanyard.server.export.KafkaSinks;
import dev.lanyard.server.yaml.YamlMap;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// The `exports` section of the configuration.
final class ExportSection {
  private static final int SYSLOG_OVER_TLS = 6514;

  private final Function<String, Path> paths;
  private final Function<String, Secret> secrets;
  private final Set<String> names = new HashSet<>();

  /// @param paths makes paths of the configuration absolute
  /// @param secrets reads a secret from a file
  ExportSection(Function<String, Path> paths, Function<String, Secret> secrets) {
    this.paths = paths;
    this.secrets = secrets;
  }

  ExportConfig read(List<YamlMap> places) {
    return new ExportConfig(places.stream().map(this::place).toList());
  }

  private Place place(YamlMap map) {
    var name = map.value("name", Place::name);
    if (!names.add(name)) {
      map.fault("name", "two exports are called '" + name + "'");
    }
    return new Place(name, map.value("format", Format::named), target(map));
  }

  private static Target syslog(YamlMap map) {
    int port = map.integer("port", SYSLOG_OVER_TLS);
    return map.value("host", host -> new Target.Syslog(host, port));
  }

  private Target kafka(YamlMap map) {
    if (KafkaSinks.installed().isEmpty()) {
      map.fault(
          "to",
          "'kafka' needs the module kafka, which is not here: set LANYARD_MODULES=kafka in the"
              + " environment of ./lanyard");
    }
    if (map.texts("brokers").isEmpty()) {
      map.fault("brokers", "'brokers' names none: a list such as [kafka.example:9093]");
    }
    return new Target.Kafka(
        map.attempts("brokers", Broker::parse),
        map.value("topic", Target.Kafka::topic),
        map.optionalValue("properties_file", name -> KafkaSettings.parse(secrets.apply(name)))
            .orElse(KafkaSettings.NONE));
  }

  private Target target(YamlMap map) {
    return switch (map.text("to")) {
      case "file" -> new Target.File(map.value("path", paths));
      case "syslog" -> syslog(map);
      case "http" ->
          new Target.Collector(map.value("url", URI::create), map.value("token_file", secrets));
      case "kafka" -> kafka(map);
      default -> {
        map.fault("to", "'to' is none of file, syslog, http, kafka");
        yield new Target.File(Path.of("unused"));
      }
    };
  }
}
