package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/// Something in what a server says of a tool that an honest one rarely says. A suspicion proves
/// nothing, and none proves no innocence: it tells whoever judges where to look.
///
/// @param kind what sort of thing
/// @param pointer where, as a JSON Pointer into the definition
/// @param excerpt the place itself, made safe to be shown
public record Suspicion(Kind kind, String pointer, String excerpt) {
  private static final int LONGEST_POINTER = 256;
  private static final int LONGEST_EXCERPT = 512;
  private static final int MOST_RECORDED = 20;

  /// Whatever a stranger has written, it is to be read: both are cut, with a sign at the end.
  public Suspicion {
    pointer = Excerpt.marked(pointer, LONGEST_POINTER);
    excerpt = Excerpt.marked(excerpt, LONGEST_EXCERPT);
  }

  /// The sorts.
  public enum Kind {
    /// Characters that nobody sees and a model reads.
    HIDDEN_CHARACTERS("hidden-characters", "characters that nobody sees and a model reads"),
    /// Characters that change the order in which text is shown.
    DIRECTION("direction", "characters that turn the direction of the text around"),
    /// Letters that look like others.
    HOMOGLYPH("homoglyph", "letters that look like others"),
    /// A name that is not made of plain letters and digits.
    STRANGE_NAME("strange-name", "a name of other characters than MCP allows"),
    /// Text pushed out of sight.
    OUT_OF_SIGHT("out-of-sight", "text that is pushed out of sight by blank space"),
    /// More text than anybody reads.
    TOO_LONG("too-long", "more text than anybody reads; not all of it was searched"),
    /// More parameters to be repeated in headers than are kept.
    TOO_MANY_HEADERS(
        "too-many-headers",
        "wants more parameters repeated in headers than any tool needs; they are not compared"),
    /// A model is told to give up what it was told before.
    OVERRIDES_INSTRUCTIONS("overrides-instructions", "tells the model what instructions count"),
    /// A model is told to hide something from people.
    HIDES_FROM_PEOPLE("hides-from-people", "tells the model to hide something from people"),
    /// Marks that imitate those of a prompt.
    PROMPT_MARKS("prompt-marks", "imitates the marks of a prompt"),
    /// A model is told to read files or secrets.
    READS_SECRETS("reads-secrets", "asks for files or secrets of the person"),
    /// A model is told to call tools, or how to use others.
    STEERS_TOOLS("steers-tools", "tells the model when to call which tool"),
    /// A model is told to hand on what was said.
    TAKES_CONVERSATION("takes-conversation", "asks for the conversation"),
    /// A link.
    LINK("link", "a link"),
    /// Something encoded.
    ENCODED("encoded", "something encoded");

    private final String value;
    private final String meaning;

    Kind(String value, String meaning) {
      this.value = value;
      this.meaning = meaning;
    }

    /// As it is recorded.
    public String value() {
      return value;
    }

    /// For people.
    public String meaning() {
      return meaning;
    }
  }

  /// What a record says of them: how many there are, and as many of them as it has room for. One of
  /// each sort comes before another of the same, so that many of one hide no other.
  static JsonObject evidence(List<Suspicion> all) {
    if (all.isEmpty()) {
      return JsonObject.EMPTY;
    }
    var ofEachKind = new LinkedHashMap<Kind, Suspicion>();
    all.forEach(one -> ofEachKind.putIfAbsent(one.kind(), one));
    var foremost =
        Stream.concat(ofEachKind.values().stream(), all.stream())
            .distinct()
            .limit(MOST_RECORDED)
            .map(Suspicion::toJson)
            .toList();
    return JsonObject.builder()
        .put("suspicion_count", all.size())
        .put("suspicions", foremost)
        .build();
  }

  /// For the audit record and for programs.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("kind", kind.value())
        .put("at", pointer)
        .put("excerpt", excerpt)
        .build();
  }
}
