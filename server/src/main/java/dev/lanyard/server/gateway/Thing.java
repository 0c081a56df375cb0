package dev.lanyard.server.gateway;

import java.util.List;
import java.util.regex.Pattern;

/// What a client names in a request, and somebody must be allowed to use.
///
/// @param name as the server upstream has it: a name, or the URI of a resource
record Thing(Kind kind, String name) {
  private static final String ANY = "*";

  /// `.` and `..` as steps of a path, as servers that decode or forgive much read them.
  private static final Pattern STEP =
      Pattern.compile(
          "(^|[/\\\\]|%2f|%5c)(\\.|%2e){1,2}($|[/\\\\?#;]|%2f|%5c)", Pattern.CASE_INSENSITIVE);

  /// The sorts of things.
  enum Kind {
    TOOL("", "tool"),
    RESOURCE("resource:", "resource"),
    PROMPT("prompt:", "prompt");

    private final String prefix;
    private final String word;

    Kind(String prefix, String word) {
      this.prefix = prefix;
      this.word = word;
    }

    /// For people.
    String word() {
      return word;
    }
  }

  /// Whether a name means a resource or a prompt in the library.
  static boolean isReserved(String name) {
    return name.startsWith(Kind.RESOURCE.prefix) || name.startsWith(Kind.PROMPT.prefix);
  }

  /// What an entry of the library means; of one that ends in a star, the entry itself.
  static Thing entered(String entry) {
    for (var kind : List.of(Kind.RESOURCE, Kind.PROMPT)) {
      if (entry.startsWith(kind.prefix)) {
        return new Thing(kind, entry.substring(kind.prefix.length()));
      }
    }
    return new Thing(Kind.TOOL, entry);
  }

  /// As the library names it.
  String key() {
    return kind.prefix + name;
  }

  /// Whether an entry of the library means this and others that begin so. A URI with steps leads
  /// elsewhere than it begins, so only an entry that names it wholly can mean it.
  boolean isMeantBy(String entry) {
    return !kind.prefix.isEmpty()
        && entry.startsWith(kind.prefix)
        && entry.endsWith(ANY)
        && key().startsWith(entry.substring(0, entry.length() - ANY.length()))
        && !(kind == Kind.RESOURCE && STEP.matcher(name).find());
  }
}
