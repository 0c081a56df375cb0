package dev.lanyard.server.yaml;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// A YAML text that is well-formed, to be read once or several times. Not thread-safe.
public final class YamlDocument {
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  private final Path file;
  private final MappingNode top;

  private YamlDocument(Path file, MappingNode top) {
    this.file = file;
    this.top = top;
  }

  /// Parses a text. An empty text is an empty mapping.
  ///
  /// @param file names it in faults
  /// @throws FaultyFileException if it is not well-formed, has a key twice, more than 50 aliases,
  ///   or over 4 MiB; or if it has, with everything in place of its aliases, more than 50 levels or
  ///   a million values
  public static YamlDocument parse(Path file, String text) {
    var settings =
        LoadSettings.builder()
            .setLabel(file.toString())
            .setAllowDuplicateKeys(false)
            .setAllowRecursiveKeys(false)
            .setMaxAliasesForCollections(50)
            .setCodePointLimit(MAX_BYTES)
            .build();
    try {
      var parser = new ShallowParser(new ParserImpl(settings, new StreamReader(settings, text)));
      var node = new Composer(settings, parser).getSingleNode();
      if (node.isEmpty()) {
        return new YamlDocument(file, YamlContext.emptyMapping());
      }
      if (!(node.get() instanceof MappingNode mapping)) {
        throw fault(file, 1, "the file is not a mapping of keys to values");
      }
      new WrittenOut(file).check(mapping);
      return new YamlDocument(file, mapping);
    } catch (MarkedYamlEngineException e) {
      var line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw fault(file, line, "not well-formed YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw fault(file, 0, "not well-formed YAML: " + e.getMessage());
    }
  }

  /// Decodes and parses.
  ///
  /// @throws FaultyFileException as [#parse(Path, String)], and if it is not UTF-8
  public static YamlDocument parse(Path file, byte[] bytes) {
    return parse(file, text(file, bytes));
  }

  /// The text of a file.
  ///
  /// @throws FaultyFileException if it is not UTF-8
  public static String text(Path file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
    } catch (java.nio.charset.CharacterCodingException e) {
      throw fault(file, 0, "cannot be read as UTF-8 text: " + e.getMessage());
    }
  }

  /// Reads the top-level mapping with `reader`. Keys that the reader did not ask for are faults.
  ///
  /// @throws FaultyFileException with every fault found
  public <T> T read(Function<YamlMap, T> reader) {
    return read(_ -> Optional.empty(), reader);
  }

  <T> T read(Function<String, Optional<String>> overrides, Function<YamlMap, T> reader) {
    var faults = new ArrayList<Fault>();
    var map = new YamlMap(new YamlContext(file, overrides, faults), "", top);
    T value;
    try {
      value = reader.apply(map);
    } catch (YamlContext.Stop stop) {
      throw new FaultyFileException(faults);
    } catch (IllegalArgumentException e) {
      // The constructors of configuration records have no other way to refuse what does not fit
      // together; their message names the property.
      faults.add(new Fault(file, 0, String.valueOf(e.getMessage())));
      throw new FaultyFileException(faults);
    }
    map.refuseUnknown();
    if (!faults.isEmpty()) {
      throw new FaultyFileException(faults);
    }
    return value;
  }

  MappingNode top() {
    return top;
  }

  static FaultyFileException fault(Path file, int line, String message) {
    return new FaultyFileException(List.of(new Fault(file, line, message)));
  }
}
