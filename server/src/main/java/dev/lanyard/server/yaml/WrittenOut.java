package dev.lanyard.server.yaml;

import java.nio.file.Path;
import java.util.HashSet;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Goes through a file as readers do, with everything in place of its aliases, before any of them
/// does: an alias costs nothing to write, and a few of them inside of each other, or one inside of
/// what it stands for, are more than any reader can walk through.
final class WrittenOut {
  private static final int MOST_VALUES = 1_000_000;

  private final Path file;
  private int values;

  WrittenOut(Path file) {
    this.file = file;
  }

  /// @throws dev.lanyard.server.yaml.FaultyFileException if a key appears twice, or there are too
  ///   many levels or values
  void check(MappingNode top) {
    check(top, 1);
  }

  private void check(Node node, int level) {
    values++;
    if (values > MOST_VALUES) {
      throw YamlDocument.fault(file, YamlContext.line(node), "more than a million values");
    }
    if (level > ShallowParser.MOST_LEVELS + 1) {
      throw YamlDocument.fault(
          file,
          YamlContext.line(node),
          "nested deeper than " + ShallowParser.MOST_LEVELS + " levels, or within itself");
    }
    switch (node) {
      case MappingNode mapping -> {
        refuseDuplicates(mapping);
        mapping.getValue().forEach(tuple -> check(tuple.getValueNode(), level + 1));
      }
      case SequenceNode sequence ->
          sequence.getValue().forEach(element -> check(element, level + 1));
      default -> {}
    }
  }

  /// The low-level reader leaves this to the constructor that we do not use.
  private void refuseDuplicates(MappingNode mapping) {
    var seen = new HashSet<String>();
    for (var tuple : mapping.getValue()) {
      var key = YamlContext.keyOf(tuple);
      if (!seen.add(key)) {
        throw YamlDocument.fault(
            file, YamlContext.line(tuple.getKeyNode()), "'" + key + "' appears twice");
      }
    }
  }
}
