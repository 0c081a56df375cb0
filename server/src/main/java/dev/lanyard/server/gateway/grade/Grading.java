package dev.lanyard.server.gateway.grade;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.MetaKey;
import java.util.Collection;
import java.util.TreeSet;

/// Tells clients how what they read is graded, so that they can keep it apart: in `_meta` of a
/// result. What a server has put there under our name gives way.
///
/// It is a hint. What nobody may see is not shown in the first place.
public final class Grading {
  /// The member of `_meta`.
  static final String KEY = "dev.lanyard/grade";

  private Grading() {}

  /// A message that has a result, with its grade; of several that a client has made one, with all.
  ///
  /// @throws MalformedException if the result or its `_meta` is no object
  public static JsonObject marked(JsonObject message, Collection<String> grades)
      throws MalformedException {
    var result = message.object("result").orElse(JsonObject.EMPTY);
    var meta = result.object(MetaKey.META).orElse(JsonObject.EMPTY);
    var grade = JsonObject.builder().put(KEY, String.join(" ", new TreeSet<>(grades))).build();
    var marked = JsonObject.builder().put(MetaKey.META, meta.with(grade)).build();
    return message.with(JsonObject.builder().put("result", result.with(marked)).build());
  }
}
