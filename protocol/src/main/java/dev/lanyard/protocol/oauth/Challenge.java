package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.MalformedException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One challenge of a `WWW-Authenticate` header: a scheme and its parameters.
///
/// @param scheme e.g. `Bearer`; compared without regard to case
/// @param parameters in their order; names in lower case
/// @spec https://www.rfc-editor.org/rfc/rfc9110.html#section-11.6.1 RFC 9110 §11.6.1
public record Challenge(String scheme, Map<String, String> parameters) {

  /// @throws IllegalArgumentException if the scheme or a parameter's name is not an HTTP token
  public Challenge {
    if (!isToken(scheme) || !parameters.keySet().stream().allMatch(Challenge::isToken)) {
      throw new IllegalArgumentException("a scheme and a parameter name must be HTTP tokens");
    }
    var lower = new LinkedHashMap<String, String>();
    parameters.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    parameters = Collections.unmodifiableMap(lower);
  }

  /// A challenge without parameters.
  public static Challenge of(String scheme) {
    return new Challenge(scheme, Map.of());
  }

  /// This challenge with one more parameter, or another value of it.
  public Challenge with(String name, String value) {
    var more = new LinkedHashMap<>(parameters);
    more.put(name, value);
    return new Challenge(scheme, more);
  }

  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /// Reads one value of a `WWW-Authenticate` header, which may hold several challenges.
  ///
  /// @throws MalformedException if it breaks the grammar, repeats a parameter or is longer than 16
  ///   KiB
  public static List<Challenge> parse(String header) throws MalformedException {
    return new ChallengeParser(header).challenges();
  }

  /// The header value. Whatever a parameter holds stays inside its quotes: quotes and backslashes
  /// are escaped, and a character that is not printable ASCII becomes `?`, so that no value can end
  /// the string, the challenge or the header.
  public String toHeader() {
    var out = new StringBuilder(scheme);
    var separator = " ";
    for (var parameter : parameters.entrySet()) {
      out.append(separator).append(parameter.getKey()).append("=\"");
      parameter.getValue().chars().forEach(c -> appendQuoted(out, (char) c));
      out.append('"');
      separator = ", ";
    }
    return out.toString();
  }

  private static void appendQuoted(StringBuilder out, char c) {
    if (c == '"' || c == '\\') {
      out.append('\\');
    }
    out.append(c >= 0x20 && c <= 0x7e ? c : '?');
  }

  static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(Challenge::isTokenCharacter);
  }

  static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  @Override
  public String toString() {
    return toHeader();
  }
}
