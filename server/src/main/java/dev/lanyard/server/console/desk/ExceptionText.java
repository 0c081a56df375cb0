package dev.lanyard.server.console.desk;

import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Given;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.requests.ExceptionRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Writes the file of an exception as an administrator would begin it: for one person, with the
/// least that some role gives of the connector, to the day that was asked for.
final class ExceptionText {
  private final Library library;
  private final Connector connector;

  ExceptionText(Library library, Connector connector) {
    this.library = library;
    this.connector = connector;
  }

  /// @param person whom it is for, by a name that means nobody else
  /// @param owner who answers for it
  String of(ExceptionRequest request, String person, String owner) {
    var least = least();
    var scopes =
        least
            .map(role -> scopes(role).scopes().values())
            .map(List::copyOf)
            .orElseGet(() -> connector.scopes().values().stream().sorted().toList());
    var clearance =
        least
            .flatMap(Role::clearance)
            .map(one -> "    clearance: " + quoted(one.name()) + "\n")
            .orElse("");
    return """
    exceptions:
      %s:
        owner: %s
        reason: %s
        people: [%s]
        until: %s
    %s    connectors:
          %s: [%s]
    """
        .formatted(
            request.id(),
            quoted(owner),
            quoted(request.reason()),
            quoted(person),
            request.until(),
            clearance,
            quoted(connector.id()),
            scopes.stream().map(ExceptionText::quoted).collect(Collectors.joining(", ")));
  }

  private Optional<Role> least() {
    return library.roles().stream()
        .filter(role -> role.connectors().containsKey(connector.id()))
        .min(
            Comparator.comparingInt((Role role) -> scopes(role).scopes().values().size())
                .thenComparing(Role::name));
  }

  private Given scopes(Role role) {
    return Optional.ofNullable(role.connectors().get(connector.id())).orElseThrow();
  }

  /// A text that whoever reads YAML takes for exactly this, whatever is in it: what people type
  /// into a form is never anything but a text.
  static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(one -> {
          if (one == '"' || one == '\\') {
            quoted.append('\\').appendCodePoint(one);
          } else if (isPlain(one)) {
            quoted.appendCodePoint(one);
          } else {
            quoted.append("\\U%08X".formatted(one));
          }
        });
    return quoted.append('"').toString();
  }

  private static boolean isPlain(int one) {
    return switch (Character.getType(one)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
