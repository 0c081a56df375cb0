package dev.lanyard.protocol.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The leaves of a [JsonObject] in the order of its text, as many as are found within a limit. Each
/// leaf carries its whole pointer, so that a short text with long names above many values would
/// otherwise take thousands of times its own size.
///
/// @param first the leaves that were found
/// @param isAll whether there are no others
public record JsonLeaves(List<JsonLeaf> first, boolean isAll) {
  /// How many characters the pointers of the leaves may have together.
  public static final int MOST_CHARACTERS = 4 * 1024 * 1024;

  public JsonLeaves {
    first = List.copyOf(first);
  }

  static JsonLeaves of(JsonObject object) {
    var walk = new Walk(Integer.MAX_VALUE, Integer.MAX_VALUE, MOST_CHARACTERS);
    boolean isAll = walk.below("", object);
    return new JsonLeaves(walk.found, isAll);
  }

  static List<JsonLeaf> at(JsonObject object, String pointer, int most, int longest) {
    var walk = new Walk(most, longest, Integer.MAX_VALUE);
    valueAt(object, pointer).ifPresent(value -> walk.at(pointer, value));
    return List.copyOf(walk.found);
  }

  private static Optional<Object> valueAt(JsonObject object, String pointer) {
    Object value = object;
    for (var step : pointer.substring(1).split("/", -1)) {
      var inside =
          switch (value) {
            case JsonObject one -> one.members().get(unescaped(step));
            case List<?> list -> element(list, step);
            default -> null;
          };
      if (inside == null) {
        return Optional.empty();
      }
      value = inside;
    }
    return Optional.of(value);
  }

  private static String unescaped(String step) {
    return step.replace("~1", "/").replace("~0", "~");
  }

  /// An index has no leading zero (RFC 6901 §4).
  private static @Nullable Object element(List<?> list, String step) {
    if (!step.matches("0|[1-9][0-9]{0,8}")) {
      return null;
    }
    int at = Integer.parseInt(step);
    return at < list.size() ? list.get(at) : null;
  }

  /// Goes through a value until there is enough.
  private static final class Walk {
    private final List<JsonLeaf> found = new ArrayList<>();
    private final int most;
    private final int longest;
    private long left;

    /// @param most leaves
    /// @param longest pointer of a leaf in characters; what has a longer one is passed over
    /// @param left characters of all pointers
    Walk(int most, int longest, int left) {
      this.most = most;
      this.longest = longest;
      this.left = left;
    }

    /// @return whether to go on
    private boolean at(String pointer, Object value) {
      if (pointer.length() > longest) {
        return true;
      }
      boolean isLeaf =
          switch (value) {
            case JsonObject object -> object.isEmpty();
            case List<?> list -> list.isEmpty();
            default -> true;
          };
      if (!isLeaf) {
        return below(pointer, value);
      }
      left -= pointer.length();
      if (found.size() >= most || left < 0) {
        return false;
      }
      found.add(JsonLeaf.of(pointer, value));
      return true;
    }

    private boolean below(String pointer, Object value) {
      if (value instanceof JsonObject object) {
        for (var member : object.members().entrySet()) {
          if (!at(pointer + "/" + escaped(member.getKey()), member.getValue())) {
            return false;
          }
        }
      } else if (value instanceof List<?> list) {
        for (int i = 0; i < list.size(); i++) {
          if (!at(pointer + "/" + i, list.get(i))) {
            return false;
          }
        }
      }
      return true;
    }

    private static String escaped(String name) {
      return name.replace("~", "~0").replace("/", "~1");
    }
  }
}
