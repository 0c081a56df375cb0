package dev.lanyard.server.export;

import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The places outside that get the audit record.
public record ExportConfig(List<Place> places) {
  public ExportConfig {
    places = List.copyOf(places);
  }

  /// One place.
  ///
  /// @param name by which its position is kept: under another name everything is sent again
  public record Place(String name, Format format, Target target) {
    /// A name of a place, which the database keeps its position under.
    ///
    /// @throws IllegalArgumentException if it is none
    public static String name(String text) {
      if (!text.matches("[a-z][a-z0-9-]{0,39}")) {
        throw new IllegalArgumentException(
            "'" + text + "' is no name: small letters, digits and hyphens");
      }
      return text;
    }
  }

  /// Where it is.
  public sealed interface Target {
    /// A file of lines, on every node that sends. May be renamed at any time, by whatever rotates
    /// it.
    record File(Path path) implements Target {}

    /// A receiver of syslog over TLS.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc5425.html RFC 5425
    record Syslog(String host, int port) implements Target {
      public Syslog {
        if (host.isEmpty() || port < 1 || port > 65_535) {
          throw new IllegalArgumentException(host + ":" + port + " is no host and port");
        }
      }
    }

    /// A collector in the manner of Splunk's HTTP Event Collector.
    ///
    /// @param url the whole address, such as `https://splunk.example:8088/services/collector/event`
    record Collector(URI url, Secret token) implements Target {}

    /// A topic of Kafka, or of whoever speaks its protocol. Needs the module `kafka`.
    ///
    /// @param brokers by which the others are found
    /// @param settings how we prove ourselves there, and whom we trust
    record Kafka(List<Broker> brokers, String topic, KafkaSettings settings) implements Target {
      public Kafka {
        brokers = List.copyOf(brokers);
      }

      /// The name of a topic.
      ///
      /// @throws IllegalArgumentException if it is none
      public static String topic(String text) {
        if (!text.matches("[A-Za-z0-9._-]{1,249}") || text.matches("\\.{1,2}")) {
          throw new IllegalArgumentException(
              "'" + text + "' is no topic: letters, digits, dots, underscores and hyphens");
        }
        return text;
      }
    }
  }

  /// Where one broker of Kafka listens.
  ///
  /// @param host a name or an address, without brackets
  public record Broker(String host, int port) {
    private static final Pattern TEXT =
        Pattern.compile("(?:\\[(?<six>[0-9A-Fa-f:.]+)]|(?<name>[A-Za-z0-9.-]+)):(?<port>\\d{1,5})");

    /// @throws IllegalArgumentException if it is not a host and a port
    public static Broker parse(String text) {
      var parts = TEXT.matcher(text);
      if (parts.matches()) {
        int port = Integer.parseInt(parts.group("port"));
        var name = parts.group("name");
        if (port >= 1 && port <= 65_535) {
          return new Broker(name == null ? parts.group("six") : name, port);
        }
      }
      throw new IllegalArgumentException(
          "'" + text + "' is no broker: a host and a port, such as kafka.example:9093");
    }

    /// As it is written in a list of brokers.
    public String text() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }
}
