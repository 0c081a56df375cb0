package dev.lanyard.server.yaml;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// What the parts of one file share while it is read.
record YamlContext(Path file, Function<String, Optional<String>> overrides, List<Fault> faults) {

  /// Ends the reading where no value can stand in for a missing one; the faults are in the context.
  static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stop() {
      super(null, null, false, false);
    }
  }

  void fault(int line, String message) {
    faults.add(new Fault(file, line, message));
  }

  Stop stop(int line, String message) {
    fault(line, message);
    return new Stop();
  }

  static MappingNode emptyMapping() {
    return new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK);
  }

  static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  static String keyOf(NodeTuple tuple) {
    return scalar(tuple.getKeyNode()).orElse("a key that is not text");
  }

  static Optional<String> scalar(Node node) {
    return node instanceof ScalarNode scalar && !Tag.NULL.equals(scalar.getTag())
        ? Optional.of(scalar.getValue())
        : Optional.empty();
  }
}
