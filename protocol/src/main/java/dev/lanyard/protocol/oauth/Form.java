package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The parameters of a request, from a form body or a query.
///
/// A parameter that appears twice is refused when the form is read, unless it may repeat; an empty
/// one counts as absent (TOK-1, IDP-20). Immutable.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2 RFC 6749 §3.2
public final class Form {
  private static final int MAX_PARAMETERS = 64;

  private final Map<String, List<String>> parameters;

  private Form(Map<String, List<String>> parameters) {
    this.parameters = parameters;
  }

  /// Reads `application/x-www-form-urlencoded` text.
  ///
  /// @param repeatable the parameters that may appear more than once, e.g. `resource`
  /// @throws MalformedException if another one appears twice, there are more than 64, an escape is
  ///   broken or the text is not UTF-8
  public static Form parse(String encoded, Set<String> repeatable) throws MalformedException {
    var parameters = new LinkedHashMap<String, List<String>>();
    int count = 0;
    for (var pair : encoded.isEmpty() ? new String[0] : encoded.split("&")) {
      if (++count > MAX_PARAMETERS) {
        throw new MalformedException("more than " + MAX_PARAMETERS + " parameters");
      }
      int equals = pair.indexOf('=');
      var name = decode(equals < 0 ? pair : pair.substring(0, equals));
      var value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (value.isEmpty()) {
        continue;
      }
      var values = parameters.computeIfAbsent(name, absent -> new ArrayList<>(1));
      if (!values.isEmpty() && !repeatable.contains(name)) {
        throw new MalformedException("parameter '" + printable(name) + "' appears twice");
      }
      values.add(value);
    }
    return new Form(parameters);
  }

  /// Decodes one name or value.
  ///
  /// @throws MalformedException if an escape is broken or the text is not UTF-8
  static String decode(String encoded) throws MalformedException {
    if (encoded.indexOf('%') < 0 && encoded.indexOf('+') < 0) {
      return checked(encoded);
    }
    // Looked for here, because the JDK's decoder takes a sign for a digit.
    for (int at = encoded.indexOf('%'); at >= 0; at = encoded.indexOf('%', at + 1)) {
      if (!isEscape(encoded, at)) {
        throw new MalformedException("there is a broken percent escape");
      }
    }
    return checked(URLDecoder.decode(encoded, StandardCharsets.UTF_8));
  }

  private static boolean isEscape(String text, int at) {
    return at + 2 < text.length()
        && HexFormat.isHexDigit(text.charAt(at + 1))
        && HexFormat.isHexDigit(text.charAt(at + 2));
  }

  /// The JDK writes U+FFFD for bytes that are not UTF-8; no parameter of ours has reason to hold
  /// one.
  private static String checked(String decoded) throws MalformedException {
    if (decoded.indexOf('\uFFFD') >= 0 || decoded.indexOf('\0') >= 0) {
      throw new MalformedException("there is something that is not UTF-8 text");
    }
    return decoded;
  }

  private static String printable(String name) {
    return name.substring(0, Math.min(name.length(), 64)).replaceAll("[^A-Za-z0-9_.-]", "?");
  }

  /// Decodes the bytes of a body.
  ///
  /// @throws MalformedException as above
  public static Form parse(byte[] body, Set<String> repeatable) throws MalformedException {
    return parse(StrictUtf8.decode(body), repeatable);
  }

  /// The value of a parameter; of a repeated one the first.
  public Optional<String> one(String name) {
    return Optional.ofNullable(parameters.get(name)).map(List::getFirst);
  }

  /// Every value of a parameter, none if it is absent.
  public List<String> all(String name) {
    return List.copyOf(parameters.getOrDefault(name, List.of()));
  }

  /// The value of a parameter that must be there.
  ///
  /// @throws MalformedException if it is absent
  public String required(String name) throws MalformedException {
    return one(name)
        .orElseThrow(() -> new MalformedException("parameter '" + name + "' is missing"));
  }

  public boolean has(String name) {
    return parameters.containsKey(name);
  }

  public Set<String> names() {
    return Set.copyOf(parameters.keySet());
  }

  public static Builder builder() {
    return new Builder();
  }

  /// The form as `application/x-www-form-urlencoded` text.
  public String encode() {
    var out = new StringBuilder();
    parameters.forEach((name, values) -> values.forEach(value -> append(out, name, value)));
    return out.toString();
  }

  private static void append(StringBuilder out, String name, String value) {
    if (!out.isEmpty()) {
      out.append('&');
    }
    out.append(URLEncoder.encode(name, StandardCharsets.UTF_8))
        .append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  /// Only the names: the values may be secrets.
  @Override
  public String toString() {
    return "Form" + parameters.keySet();
  }

  /// Collects the parameters of a request to be sent. Not thread-safe.
  public static final class Builder {
    private final Map<String, List<String>> parameters = new LinkedHashMap<>();

    private Builder() {}

    public Builder add(String name, String value) {
      parameters.computeIfAbsent(name, absent -> new ArrayList<>(1)).add(value);
      return this;
    }

    public Builder addIfPresent(String name, Optional<String> value) {
      value.ifPresent(present -> add(name, present));
      return this;
    }

    public Form build() {
      return new Form(new LinkedHashMap<>(parameters));
    }
  }
}
