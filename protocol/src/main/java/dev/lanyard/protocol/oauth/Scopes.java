package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.MalformedException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/// A set of scopes in the order in which they were written.
///
/// @param values the single scopes
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3 RFC 6749 §3.3
public record Scopes(Set<String> values) {
  /// No scope at all.
  public static final Scopes NONE = new Scopes(Set.of());

  /// @throws IllegalArgumentException if a scope has a character that scopes may not have
  public Scopes {
    for (var scope : values) {
      if (!isToken(scope)) {
        throw new IllegalArgumentException("not a scope: '" + scope + "'");
      }
    }
    values = Collections.unmodifiableSet(new LinkedHashSet<>(values));
  }

  public static Scopes of(String... scopes) {
    return new Scopes(new LinkedHashSet<>(Arrays.asList(scopes)));
  }

  public static Scopes of(Collection<String> scopes) {
    return new Scopes(new LinkedHashSet<>(scopes));
  }

  /// Reads a `scope` parameter.
  ///
  /// @throws MalformedException if it breaks the grammar, names more than 100 scopes or is over
  ///   4096 characters long
  public static Scopes parse(String parameter) throws MalformedException {
    if (parameter.length() > 4096) {
      throw new MalformedException("too many scopes");
    }
    var tokens = parameter.split(" ", -1);
    if (tokens.length > 100) {
      throw new MalformedException("too many scopes");
    }
    if (!Arrays.stream(tokens).allMatch(Scopes::isToken)) {
      throw new MalformedException("a scope is empty or has a character that scopes may not have");
    }
    return of(tokens);
  }

  private static boolean isToken(String scope) {
    for (int i = 0; i < scope.length(); i++) {
      char c = scope.charAt(i);
      if (c < 0x21 || c > 0x7e || c == '"' || c == '\\') {
        return false;
      }
    }
    return !scope.isEmpty();
  }

  /// The scopes that both have, in this one's order.
  public Scopes intersect(Scopes other) {
    var both = new LinkedHashSet<>(values);
    both.retainAll(other.values);
    return new Scopes(both);
  }

  /// The scopes of either.
  public Scopes union(Scopes other) {
    var all = new LinkedHashSet<>(values);
    all.addAll(other.values);
    return new Scopes(all);
  }

  public boolean contains(String scope) {
    return values.contains(scope);
  }

  public boolean containsAll(Scopes other) {
    return values.containsAll(other.values);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  /// The value of a `scope` parameter or claim.
  @Override
  public String toString() {
    return String.join(" ", values);
  }
}
