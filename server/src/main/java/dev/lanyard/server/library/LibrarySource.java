package dev.lanyard.server.library;

import dev.lanyard.server.condition.ConditionCompiler;
import dev.lanyard.server.yaml.YamlDocument;
import dev.lanyard.server.yaml.YamlFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// The files of a role library as text: what a version of it is, apart from any folder. Immutable.
///
/// @param origin the folder that they are from; it names them in faults
/// @param files their texts, by name
public record LibrarySource(Path origin, SortedMap<String, String> files) {
  public LibrarySource {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /// Takes the YAML files of a folder, or a single file.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException if one cannot be read as text
  public static LibrarySource of(Path path) {
    var origin = Files.isDirectory(path) || path.getParent() == null ? path : path.getParent();
    var files = new TreeMap<String, String>();
    YamlFolder.contents(path)
        .forEach((name, bytes) -> files.put(name, YamlDocument.text(origin.resolve(name), bytes)));
    return new LibrarySource(origin, files);
  }

  /// The content hash that names this version: equal for equal files, whatever folder they are in.
  public String version() {
    var bytes = new TreeMap<String, byte[]>();
    files.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
    return YamlFolder.version(bytes);
  }

  /// Reads the library.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in the files
  public Library read() {
    return read(new ConditionCompiler());
  }

  /// Like [#read()], with a compiler that may know the conditions already.
  public Library read(ConditionCompiler conditions) {
    return readWithPlaces(conditions).library();
  }

  Reading readWithPlaces(ConditionCompiler conditions) {
    return new LibraryReader(this, conditions).read();
  }

  /// A library, and where its entries are written.
  record Reading(Library library, Places places) {}
}
