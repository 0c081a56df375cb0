package dev.lanyard.server.yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/// Reads one YAML file whole: either every value is what the reader asked for, or all faults are
/// told.
public final class YamlFile {
  private YamlFile() {}

  /// Reads the file's top-level mapping with `reader`.
  ///
  /// Keys that the reader did not ask for are faults; so are keys that appear twice, anchors beyond
  /// 50 and files over 4 MiB. An empty file is an empty mapping.
  ///
  /// @throws FaultyFileException with every fault found
  public static <T> T read(Path file, Function<YamlMap, T> reader) {
    return read(file, _ -> Optional.empty(), reader);
  }

  /// Like [#read(Path, Function)], with values that stand in for what the file says.
  ///
  /// @param overrides by dotted path from the top, e.g. `broker.issuer`
  public static <T> T read(
      Path file, Function<String, Optional<String>> overrides, Function<YamlMap, T> reader) {
    return YamlDocument.parse(file, bytes(file)).read(overrides, reader);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw YamlDocument.fault(file, 0, "there is no such file");
    } catch (IOException e) {
      throw YamlDocument.fault(file, 0, "cannot be read: " + e.getMessage());
    }
  }
}
