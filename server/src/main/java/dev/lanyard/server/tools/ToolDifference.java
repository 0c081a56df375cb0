package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.JsonLeaf;
import dev.lanyard.protocol.json.JsonLeaves;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.mcp.MetaKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is different between two definitions of a tool, place by place, in the order of the newer
/// one; what is gone comes last.
///
/// @param places where something is different
public record ToolDifference(List<Place> places) {
  /// Members that are for reading, wherever they are.
  private static final Set<String> TEXTS = Set.of("title", "description");

  /// Below these are values, which a tool may be called with.
  private static final Set<String> VALUES = Set.of("default", "const", "enum", "examples");

  /// Of definitions with more places than anybody compares. It is none of words.
  private static final ToolDifference WHOLE =
      new ToolDifference(
          List.of(
              new Place(
                  "", Optional.of("too large to compare"), Optional.of("too large to compare"))));

  public ToolDifference {
    places = List.copyOf(places);
  }

  /// A place that is different.
  ///
  /// @param pointer a JSON Pointer into the definition
  /// @param before what was there: text in quotes, anything else as JSON; empty if nothing was
  /// @param after what is there now; empty if nothing is
  public record Place(String pointer, Optional<String> before, Optional<String> after) {
    public JsonObject toJson() {
      return JsonObject.builder()
          .put("at", pointer)
          .putIfPresent("before", before)
          .putIfPresent("after", after)
          .build();
    }

    /// Whether it is a text for reading in both. A parameter that is called like a member of values
    /// makes it none: that is judged anew, and so is all of `_meta`, which programs read.
    boolean isOfWords() {
      var names = List.of(pointer.split("/", -1));
      return TEXTS.contains(names.getLast())
          && names.stream().noneMatch(VALUES::contains)
          && !names.contains(MetaKey.META)
          && isText(before)
          && isText(after);
    }

    private static boolean isText(Optional<String> said) {
      return said.filter(text -> text.startsWith("\"")).isPresent();
    }

    /// For people, with everything in sight.
    public List<String> lines() {
      var lines = new ArrayList<String>();
      var mark = before.isEmpty() ? "+" : after.isEmpty() ? "-" : "~";
      lines.add(mark + " " + Visible.line(pointer));
      before.ifPresent(text -> lines.add("    - " + Visible.line(text)));
      after.ifPresent(text -> lines.add("    + " + Visible.line(text)));
      return lines;
    }
  }

  /// Compares two definitions.
  public static ToolDifference between(JsonObject before, JsonObject after) {
    var former = before.leaves();
    var current = after.leaves();
    if (!former.isAll() || !current.isAll()) {
      return before.equals(after) ? new ToolDifference(List.of()) : WHOLE;
    }
    var old = byPointer(former);
    var young = byPointer(current);
    var pointers = new LinkedHashSet<>(young.keySet());
    pointers.addAll(old.keySet());
    return new ToolDifference(
        pointers.stream()
            .map(pointer ->
                new Place(
                    pointer,
                    Optional.ofNullable(old.get(pointer)),
                    Optional.ofNullable(young.get(pointer))))
            .filter(place -> !place.before().equals(place.after()))
            .toList());
  }

  /// Whether only titles and descriptions differ, and each has them at the same places.
  boolean isOfWords() {
    return places.stream().allMatch(Place::isOfWords);
  }

  private static Map<String, String> byPointer(JsonLeaves leaves) {
    var places = new LinkedHashMap<String, String>();
    leaves.first().forEach(leaf -> places.put(leaf.pointer(), shown(leaf)));
    return places;
  }

  private static String shown(JsonLeaf leaf) {
    return leaf.isString() ? '"' + leaf.text() + '"' : leaf.text();
  }
}
