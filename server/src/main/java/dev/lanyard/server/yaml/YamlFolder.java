package dev.lanyard.server.yaml;

import dev.lanyard.protocol.hash.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A folder whose YAML files are read as one whole, or a single file.
public final class YamlFolder {
  private YamlFolder() {}

  /// Every `*.yaml` and `*.yml` of a folder in the order of the names, or the file itself. Hidden
  /// files are left out: editors keep their half-written copies there.
  ///
  /// @throws FaultyFileException if the folder cannot be read
  public static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (var entries = Files.list(path)) {
      return entries
          .filter(YamlFolder::isYaml)
          .filter(file -> Files.isRegularFile(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static boolean isYaml(Path file) {
    var name = file.getFileName().toString();
    return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
  }

  /// A name for exactly this content: it changes with every byte of every file, and with their
  /// names.
  ///
  /// @throws FaultyFileException if a file cannot be read
  public static String version(Path path) {
    return version(contents(path));
  }

  /// The bytes of every file of [#files(Path)], by its name.
  ///
  /// @throws FaultyFileException if a file cannot be read
  public static SortedMap<String, byte[]> contents(Path path) {
    var contents = new TreeMap<String, byte[]>();
    for (var file : files(path)) {
      contents.put(file.getFileName().toString(), read(file));
    }
    return contents;
  }

  /// See [#version(Path)].
  public static String version(SortedMap<String, byte[]> contents) {
    var hash = Sha256.digest();
    contents.forEach((name, bytes) -> {
      update(hash, name.getBytes(StandardCharsets.UTF_8));
      update(hash, bytes);
    });
    return HexFormat.of().formatHex(hash.digest());
  }

  /// The length keeps "ab" and "c" apart from "a" and "bc".
  private static void update(MessageDigest hash, byte[] part) {
    hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
    hash.update(part);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static FaultyFileException unreadable(Path path, IOException e) {
    return new FaultyFileException(
        List.of(
            new Fault(
                path,
                0,
                "cannot be read ("
                    + e.getClass().getSimpleName()
                    + "); check that it exists and that this process may read it")));
  }
}
