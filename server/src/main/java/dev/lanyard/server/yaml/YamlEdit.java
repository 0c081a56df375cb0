package dev.lanyard.server.yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Changes one entry of one list in a file of an administrator's, as text: comments, order and
/// spaces of everything else stay as they are.
public final class YamlEdit {
  private static final int STEP = 2;

  private final Path file;
  private final List<String> lines;
  private final MappingNode top;

  private YamlEdit(Path file, List<String> lines, MappingNode top) {
    this.file = file;
    this.lines = lines;
    this.top = top;
  }

  /// @param file names it in faults
  /// @throws FaultyFileException if the text is not well-formed
  public static YamlEdit of(Path file, String text) {
    var top = YamlDocument.parse(file, text).top();
    return new YamlEdit(file, List.of(text.split("\n", -1)), top);
  }

  /// The text with an entry in a list: in the place of the one with the same id, or else behind the
  /// last one. Keys on the way that are not there are made.
  ///
  /// @param path the keys to the list
  /// @param key the key of an entry that tells it from others
  /// @param entry its lines, the first one without its dash; inner lines are indented by themselves
  /// @throws FaultyFileException if what is there is written in braces or brackets, which cannot be
  ///   continued line by line
  public String withEntry(List<String> path, String key, String id, List<String> entry) {
    var map = top;
    for (int depth = 0; depth < path.size(); depth++) {
      var value = value(map, path.get(depth));
      if (value.isEmpty() || isNothing(value.get())) {
        return withKeys(map, path.subList(depth, path.size()), value, entry);
      }
      if (depth == path.size() - 1) {
        return inList(list(value.get(), path), key, id, entry);
      }
      map = block(value.get(), path.get(depth));
    }
    throw new IllegalArgumentException("the path has no key");
  }

  private static Optional<Node> value(MappingNode map, String key) {
    return map.getValue().stream()
        .filter(tuple -> YamlContext.keyOf(tuple).equals(key))
        .map(tuple -> tuple.getValueNode())
        .findFirst();
  }

  private static boolean isNothing(Node node) {
    return node.getTag().equals(Tag.NULL)
        || (node instanceof SequenceNode sequence && sequence.getValue().isEmpty());
  }

  private MappingNode block(Node node, String key) {
    if (node instanceof MappingNode mapping && mapping.getFlowStyle() == FlowStyle.BLOCK) {
      return mapping;
    }
    throw cannot(node, key);
  }

  private SequenceNode list(Node node, List<String> path) {
    if (node instanceof SequenceNode sequence && sequence.getFlowStyle() == FlowStyle.BLOCK) {
      return sequence;
    }
    throw cannot(node, path.getLast());
  }

  private FaultyFileException cannot(Node node, String key) {
    return YamlDocument.fault(
        file,
        YamlContext.line(node),
        "'"
            + key
            + "' is not written line by line, so nothing can be put into it; rewrite it as a"
            + " block, or put the entry in by hand");
  }

  private String inList(SequenceNode list, String key, String id, List<String> entry) {
    int indent = column(list);
    for (var item : list.getValue()) {
      if (item instanceof MappingNode mapping
          && value(mapping, key).flatMap(YamlContext::scalar).equals(Optional.of(id))) {
        return replaced(line(item), lastLine(item) + 1, dashed(entry, indent));
      }
    }
    int end = lastLine(list) + 1;
    return replaced(end, end, dashed(entry, indent));
  }

  /// Makes keys at the end of a mapping, or gives one that has nothing its first entry.
  private String withKeys(
      MappingNode map, List<String> keys, Optional<Node> nothing, List<String> entry) {
    int indent = column(map);
    var made = new ArrayList<String>();
    for (int depth = 0; depth < keys.size(); depth++) {
      made.add(" ".repeat(indent + depth * STEP) + keys.get(depth) + ":");
    }
    made.addAll(dashed(entry, indent + keys.size() * STEP));
    if (nothing.isPresent()) {
      int line = line(nothing.get());
      return replaced(line, line + 1, made);
    }
    int end = lastLine(map) + 1;
    return replaced(end, end, made);
  }

  private static List<String> dashed(List<String> entry, int indent) {
    var dashed = new ArrayList<String>();
    for (int i = 0; i < entry.size(); i++) {
      dashed.add(" ".repeat(indent) + (i == 0 ? "- " : "  ") + entry.get(i));
    }
    return dashed;
  }

  private String replaced(int from, int to, List<String> by) {
    return String.join(
        "\n",
        Stream.of(lines.subList(0, from), by, lines.subList(to, lines.size()))
            .flatMap(Collection::stream)
            .toList());
  }

  private static int line(Node node) {
    return YamlContext.line(node) - 1;
  }

  private static int column(Node node) {
    return node.getStartMark().map(mark -> mark.getColumn()).orElse(0);
  }

  /// The last line that belongs to a node: not the comments and empty lines behind it, which the
  /// parser counts in.
  private int lastLine(Node node) {
    int last = end(node);
    // A block of text is counted with the empty lines behind it.
    while (last > line(node) && lines.get(last).isBlank()) {
      last--;
    }
    return last;
  }

  private static int end(Node node) {
    return switch (node) {
      case MappingNode mapping when !mapping.getValue().isEmpty() ->
          end(mapping.getValue().getLast().getValueNode());
      case SequenceNode sequence when !sequence.getValue().isEmpty() ->
          end(sequence.getValue().getLast());
      default -> endOfLeaf(node);
    };
  }

  private static int endOfLeaf(Node node) {
    int start = line(node);
    int end = node.getEndMark().map(mark -> mark.getLine()).orElse(start);
    boolean atLineStart = node.getEndMark().map(mark -> mark.getColumn() == 0).orElse(false);
    return end > start && atLineStart ? end - 1 : end;
  }
}
