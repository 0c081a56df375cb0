package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.JsonLeaf;
import dev.lanyard.server.tools.Suspicion.Kind;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Looks through everything that a server says of a tool, or of itself, for what is meant for the
/// model and not for the person: every text of the definition, also in the depth of its schemas,
/// and every name of a parameter, since a model reads those as well.
///
/// It decides nothing. Whoever writes for this inspection will get past it, so a tool without a
/// suspicion is still quarantined until somebody has judged it.
public final class Inspection {
  /// What MCP says that tool names should be made of.
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_./-]{1,128}");

  /// Where a schema names its own dialect and parts: no text for anybody.
  private static final Set<String> OF_THE_SCHEMA = Set.of("$schema", "$id", "$ref", "pattern");

  /// What the instructions of an honest server are for.
  private static final Set<Kind> OF_INSTRUCTIONS = Set.of(Kind.STEERS_TOOLS, Kind.LINK);

  private Inspection() {}

  /// Everything that was found, each sort once a place, in the order of the definition.
  public static List<Suspicion> of(ToolDefinition tool) {
    var found = new LinkedHashSet<Suspicion>();
    if (tool.isTooLarge()) {
      // What is kept of it has nothing left to find, and nobody reads so much; that is no reason
      // to trust it.
      return List.of(new Suspicion(Kind.TOO_LONG, "", "larger than what is kept of a tool"));
    }
    if (MirroredParameter.of(tool.json()).isEmpty()) {
      found.add(new Suspicion(Kind.TOO_MANY_HEADERS, "/inputSchema", ""));
    }
    if (!tool.isInstructions() && !PLAIN_NAME.matcher(tool.name()).matches()) {
      found.add(new Suspicion(Kind.STRANGE_NAME, "/name", Visible.line(tool.name())));
    }
    var names = new LinkedHashSet<String>();
    var leaves = tool.json().leaves();
    if (!leaves.isAll()) {
      found.add(new Suspicion(Kind.TOO_LONG, "", "long names around too many values"));
    }
    for (var leaf : leaves.first()) {
      if (leaf.isString() && !isOfTheSchema(leaf)) {
        found.addAll(Characters.inspect(leaf.pointer(), leaf.text()));
        found.addAll(Wording.inspect(leaf.pointer(), leaf.text()));
      }
      names(leaf.pointer(), names);
    }
    names.forEach(pointer -> {
      var name = pointer.substring(pointer.lastIndexOf('/') + 1);
      found.addAll(Characters.inspect(pointer, name));
      // A name is read as words: content_from_reading_ssh_id_rsa.
      found.addAll(Wording.inspect(pointer, name.replaceAll("[_.-]+", " ")));
    });
    if (tool.isInstructions()) {
      found.removeIf(one -> OF_INSTRUCTIONS.contains(one.kind()));
    }
    return List.copyOf(found);
  }

  private static boolean isOfTheSchema(JsonLeaf leaf) {
    return OF_THE_SCHEMA.contains(leaf.pointer().substring(leaf.pointer().lastIndexOf('/') + 1));
  }

  /// The pointers of all members on the way to a leaf, each of which has a name. Those above one
  /// that is known are known as well.
  private static void names(String pointer, Set<String> names) {
    var fresh = new ArrayDeque<String>();
    var place = pointer;
    while (!place.isEmpty() && !names.contains(place)) {
      fresh.push(place);
      place = place.substring(0, place.lastIndexOf('/'));
    }
    names.addAll(fresh);
  }
}
