package dev.lanyard.server.catalog;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.catalog.KnownConnector.Bucket;
import dev.lanyard.server.catalog.KnownConnector.Seen;
import dev.lanyard.server.yaml.YamlDocument;
import dev.lanyard.server.yaml.YamlMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The built-in catalogue, which is a file with a date.
///
/// @param asOf when somebody looked last
/// @param all in the order of their ids
public record KnownConnectors(LocalDate asOf, List<KnownConnector> all) {

  /// Reads a catalogue in the format of the built-in one.
  ///
  /// @param file names it in faults
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in it
  public static KnownConnectors read(Path file, byte[] content) {
    return YamlDocument.parse(file, content).read(KnownConnectors::catalogue);
  }

  /// The catalogue of this release.
  public static KnownConnectors builtIn() {
    var name = "known-connectors.yaml";
    try (var stream = KnownConnectors.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the catalogue is missing from this build");
      }
      return read(Path.of(name), stream.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KnownConnectors catalogue(YamlMap top) {
    var section = top.map("connectors");
    return new KnownConnectors(
        top.value("as_of", LocalDate::parse),
        section.keys().stream()
            .map(id -> connector(id, section.map(id)))
            .sorted(Comparator.comparing(KnownConnector::id))
            .toList());
  }

  private static KnownConnector connector(String id, YamlMap map) {
    return new KnownConnector(
        id,
        map.text("name"),
        map.texts("products"),
        map.text("category"),
        map.value("bucket", KnownConnectors::bucket),
        map.optionalValue("address", ResourceIndicator::new),
        map.maps("seen").stream()
            .map(one ->
                new Seen(one.value("on", LocalDate::parse), one.text("what"), one.text("evidence")))
            .sorted(Comparator.comparing(Seen::on))
            .toList());
  }

  private static Bucket bucket(String text) {
    return Arrays.stream(Bucket.values())
        .filter(one -> one.value().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + text + "' is none of live, early, tracking"));
  }
}
