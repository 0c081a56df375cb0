package dev.lanyard.server.gateway.grade;

import java.util.List;
import java.util.stream.Stream;

/// What a client names in a request, and somebody must be allowed to use.
///
/// @param name as the server upstream has it: a name, or the URI of a resource
public record Thing(Kind kind, String name) {
  private static final String ANY = "*";

  /// The sorts of things.
  public enum Kind {
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
    public String word() {
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
  public String key() {
    return kind.prefix + name;
  }

  /// Whether an entry of the library means this and others that begin so. A URI that could be read
  /// in several ways may lead elsewhere than it begins, so only an entry that names it wholly can
  /// mean it.
  public boolean isMeantBy(String entry) {
    return !kind.prefix.isEmpty()
        && entry.startsWith(kind.prefix)
        && entry.endsWith(ANY)
        && key().startsWith(beginning(entry))
        && (kind != Kind.RESOURCE || UriSpelling.isPlain(name));
  }

  /// Whether a server could take this for what a more particular entry means, in another spelling.
  ///
  /// @param star the entry that means it as it is written
  boolean isInDoubt(String star, List<Located> entries) {
    if (kind != Kind.RESOURCE) {
      return false;
    }
    var own = UriSpelling.of(name);
    return entries.stream()
        .filter(one -> !one.entry().equals(star))
        .anyMatch(one -> one.couldMean(own, one.entry().length() >= star.length()));
  }

  private static String beginning(String entry) {
    return entry.substring(0, entry.length() - ANY.length());
  }

  /// An entry of the library for resources.
  ///
  /// @param spelling of its URI, or of what the URIs that it means begin with
  record Located(String entry, boolean star, UriSpelling spelling) {
    /// Those among the entries of a connector.
    static List<Located> among(Stream<String> entries) {
      return entries
          .filter(entry -> entry.startsWith(Kind.RESOURCE.prefix))
          .map(entry -> of(entry, entry.substring(Kind.RESOURCE.prefix.length())))
          .toList();
    }

    private static Located of(String entry, String uri) {
      boolean star = uri.endsWith(ANY);
      var spelling = star ? UriSpelling.ofBeginning(beginning(uri)) : UriSpelling.of(uri);
      return new Located(entry, star, spelling);
    }

    private boolean couldMean(UriSpelling uri, boolean isMoreParticular) {
      return star
          ? isMoreParticular && uri.beginsLike(spelling)
          : uri.isLike(spelling) || (isMoreParticular && uri.leadsTo(spelling));
    }
  }
}
