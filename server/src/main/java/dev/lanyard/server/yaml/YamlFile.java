package dev.lanyard.server.yaml;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/// Reads one YAML file whole: either every value is what the reader asked for, or all faults are
/// told.
public final class YamlFile {
  private static final int MAX_BYTES = 4 * 1024 * 1024;

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
    var faults = new ArrayList<Fault>();
    var top = new YamlMap(new YamlContext(file, overrides, faults), "", compose(file));
    T value;
    try {
      value = reader.apply(top);
    } catch (YamlContext.Stop stop) {
      throw new FaultyFileException(faults);
    } catch (IllegalArgumentException e) {
      // The constructors of configuration records have no other way to refuse what does not fit
      // together; their message names the property.
      faults.add(new Fault(file, 0, String.valueOf(e.getMessage())));
      throw new FaultyFileException(faults);
    }
    top.refuseUnknown();
    if (!faults.isEmpty()) {
      throw new FaultyFileException(faults);
    }
    return value;
  }

  private static MappingNode compose(Path file) {
    var settings =
        LoadSettings.builder()
            .setLabel(file.toString())
            .setAllowDuplicateKeys(false)
            .setAllowRecursiveKeys(false)
            .setMaxAliasesForCollections(50)
            .setCodePointLimit(MAX_BYTES)
            .build();
    try {
      var text = Files.readString(file, StandardCharsets.UTF_8);
      var node = new Compose(settings).composeString(text);
      if (node.isEmpty()) {
        return YamlContext.emptyMapping();
      }
      if (!(node.get() instanceof MappingNode mapping)) {
        throw fault(file, 1, "the file is not a mapping of keys to values");
      }
      refuseDuplicates(file, mapping);
      return mapping;
    } catch (NoSuchFileException e) {
      throw fault(file, 0, "there is no such file");
    } catch (IOException e) {
      throw fault(file, 0, "cannot be read as UTF-8 text: " + e.getMessage());
    } catch (MarkedYamlEngineException e) {
      var line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw fault(file, line, "not well-formed YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw fault(file, 0, "not well-formed YAML: " + e.getMessage());
    }
  }

  /// The low-level reader leaves this to the constructor that we do not use.
  private static void refuseDuplicates(Path file, MappingNode mapping) {
    var seen = new java.util.HashSet<String>();
    for (var tuple : mapping.getValue()) {
      var key = YamlContext.keyOf(tuple);
      if (!seen.add(key)) {
        throw fault(file, YamlContext.line(tuple.getKeyNode()), "'" + key + "' appears twice");
      }
      YamlContext.mappingsIn(tuple.getValueNode()).forEach(inner -> refuseDuplicates(file, inner));
    }
  }

  private static FaultyFileException fault(Path file, int line, String message) {
    return new FaultyFileException(List.of(new Fault(file, line, message)));
  }
}
