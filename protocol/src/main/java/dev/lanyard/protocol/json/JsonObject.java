package dev.lanyard.protocol.json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An immutable JSON object with typed access.
///
/// An accessor answers empty when the member is absent and throws [MalformedException] when it is
/// there with another type, so that a wrong type can never pass as "not given". JSON `null` counts
/// as another type. Thread-safe.
public final class JsonObject {
  /// The object without members.
  public static final JsonObject EMPTY = new JsonObject(Map.of());

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /// JSON `null`, which a [Map] that refuses nulls could not hold.
  static final Object NULL = new Object();

  private final Map<String, Object> members;

  private JsonObject(Map<String, Object> members) {
    this.members = members;
  }

  static JsonObject over(Map<String, Object> members) {
    return new JsonObject(Collections.unmodifiableMap(members));
  }

  /// Reads one JSON object; anything before or after it but white space is refused.
  ///
  /// @throws MalformedException if the text is not one object, names a member twice, is nested
  ///   deeper than 16 levels or larger than 256 KiB
  /// @spec https://www.rfc-editor.org/rfc/rfc8725.html#section-3 RFC 8725 §3 (SEC-1)
  public static JsonObject parse(String json) throws MalformedException {
    return parse(json.getBytes(StandardCharsets.UTF_8));
  }

  /// Like [#parse(String)] for UTF-8 bytes; a byte sequence that is not UTF-8 is refused.
  ///
  /// @throws MalformedException as above
  public static JsonObject parse(byte[] json) throws MalformedException {
    return StrictParser.SMALL.object(json);
  }

  /// Like [#parse(byte[])] for messages between programs, such as the arguments of a tool. Numbers
  /// that 64 bits do not hold are kept with all of their digits and written again so, but no
  /// accessor answers them.
  ///
  /// @throws MalformedException as above, but at more than 100 levels, 400 digits or 4 MiB
  public static JsonObject parseLarge(byte[] json) throws MalformedException {
    return StrictParser.LARGE.object(json);
  }

  /// Starts an object to be written; members keep their order.
  public static Builder builder() {
    return new Builder();
  }

  public Set<String> names() {
    return members.keySet();
  }

  public boolean has(String name) {
    return members.containsKey(name);
  }

  public boolean isEmpty() {
    return members.isEmpty();
  }

  /// A string member.
  ///
  /// @throws MalformedException if the member is there and is not a string
  public Optional<String> string(String name) throws MalformedException {
    return typed(name, String.class, "a string");
  }

  /// A string member that must be there and say something.
  ///
  /// @throws MalformedException if it is absent, empty or not a string
  public String nonEmptyString(String name) throws MalformedException {
    return string(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(() -> new MalformedException("member '" + name + "' is absent or empty"));
  }

  /// A number member that is a whole number.
  ///
  /// @throws MalformedException if the member is there and is not a whole number of 64 bits
  public Optional<Long> integer(String name) throws MalformedException {
    return typed(name, Long.class, "a whole number");
  }

  /// A number of seconds; fractions of a second are cut off.
  ///
  /// @throws MalformedException if the member is there and is not a number that can be seconds
  public Optional<Long> seconds(String name) throws MalformedException {
    var value = members.get(name);
    if (value instanceof Double number && Math.abs(number) < 1e15) {
      return Optional.of((long) Math.floor(number));
    }
    return integer(name);
  }

  /// A `NumericDate`: [#seconds(String)] since 1970.
  ///
  /// @throws MalformedException if the member is there and is not a number between 1970 and 9999
  /// @spec https://www.rfc-editor.org/rfc/rfc7519.html#section-2 RFC 7519 §2
  public Optional<Instant> instant(String name) throws MalformedException {
    var seconds = seconds(name);
    if (seconds.isPresent() && (seconds.get() < 0 || seconds.get() > LATEST.getEpochSecond())) {
      throw new MalformedException("member '" + name + "' is not a date");
    }
    return seconds.map(Instant::ofEpochSecond);
  }

  /// A boolean member.
  ///
  /// @throws MalformedException if the member is there and is not a boolean
  public Optional<Boolean> bool(String name) throws MalformedException {
    return typed(name, Boolean.class, "a boolean");
  }

  /// An object member.
  ///
  /// @throws MalformedException if the member is there and is not an object
  public Optional<JsonObject> object(String name) throws MalformedException {
    return typed(name, JsonObject.class, "an object");
  }

  /// An array of strings.
  ///
  /// @throws MalformedException if the member is there and is not an array of strings only
  public Optional<List<String>> strings(String name) throws MalformedException {
    return elements(name, String.class, "an array of strings");
  }

  /// An array of objects.
  ///
  /// @throws MalformedException if the member is there and is not an array of objects only
  public Optional<List<JsonObject>> objects(String name) throws MalformedException {
    return elements(name, JsonObject.class, "an array of objects");
  }

  /// One string or an array of strings, as `aud` and `resource` are written.
  ///
  /// @throws MalformedException if the member is there and is neither
  public Optional<List<String>> stringOrStrings(String name) throws MalformedException {
    return members.get(name) instanceof String one ? Optional.of(List.of(one)) : strings(name);
  }

  /// Any member as JSON text, for showing it to a person.
  public Optional<String> text(String name) {
    var value = members.get(name);
    return value == null ? Optional.empty() : Optional.of(Writer.text(value));
  }

  /// Whether a member is there and is a string.
  public boolean isString(String name) {
    return members.get(name) instanceof String;
  }

  /// Whether a member is there and is a number, of whatever size and with or without a fraction.
  public boolean isNumber(String name) {
    return members.get(name) instanceof Number;
  }

  /// This member alone, as it is; no member if it is absent. Copies a value whose type does not
  /// matter, with [Builder#putAll].
  public JsonObject only(String name) {
    var value = members.get(name);
    return value == null ? EMPTY : over(Map.of(name, value));
  }

  /// This object with the members of `other` put over its own.
  public JsonObject with(JsonObject other) {
    var merged = new LinkedHashMap<>(members);
    merged.putAll(other.members);
    return over(merged);
  }

  /// This object without a member.
  public JsonObject without(String name) {
    var rest = new LinkedHashMap<>(members);
    rest.remove(name);
    return over(rest);
  }

  /// The JSON text without white space, members in their order.
  public String toJson() {
    return Writer.text(this);
  }

  /// [#toJson()] in UTF-8.
  public byte[] toBytes() {
    return Writer.bytes(this);
  }

  /// The one JSON text of all objects that say the same, whatever the order of their members and
  /// the spelling of their numbers: for hashes. A whole number beyond 2^53 keeps all of its digits.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc8785.html RFC 8785
  public String toCanonicalJson() {
    return CanonicalWriter.text(this);
  }

  /// Everything in this object that holds nothing else, in the order of the text: for comparing and
  /// searching what has a structure that nobody knows beforehand.
  public JsonLeaves leaves() {
    return JsonLeaves.of(this);
  }

  /// The value at a place, if it holds no others, or else the leaves below it. Nothing beside the
  /// place is looked at.
  ///
  /// @param pointer a JSON Pointer to a place, not the empty one
  /// @param most how many leaves at most
  /// @param longest leaves with longer pointers are passed over, in characters
  /// @spec https://www.rfc-editor.org/rfc/rfc6901.html RFC 6901
  public List<JsonLeaf> leavesAt(String pointer, int most, int longest) {
    return JsonLeaves.at(this, pointer, most, longest);
  }

  /// Indented JSON text, for people.
  public String toPrettyJson() {
    return Writer.pretty(this);
  }

  Map<String, Object> members() {
    return members;
  }

  private <T> Optional<T> typed(String name, Class<T> type, String expected)
      throws MalformedException {
    var value = members.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw new MalformedException("member '" + name + "' is not " + expected);
    }
    return Optional.of(type.cast(value));
  }

  private <T> Optional<List<T>> elements(String name, Class<T> type, String expected)
      throws MalformedException {
    var value = members.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof List<?> list) || !list.stream().allMatch(type::isInstance)) {
      throw new MalformedException("member '" + name + "' is not " + expected);
    }
    var typed = new ArrayList<T>(list.size());
    list.forEach(element -> typed.add(type.cast(element)));
    return Optional.of(List.copyOf(typed));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonObject object && members.equals(object.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  /// Only the names: the values may be personal or secret.
  @Override
  public String toString() {
    return "JsonObject" + members.keySet();
  }

  /// Builds a [JsonObject]. Empty lists and absent optionals are left out, as metadata documents
  /// demand (META-13). Not thread-safe.
  public static final class Builder {
    private Map<String, Object> members = new LinkedHashMap<>();
    private boolean shared;

    private Builder() {}

    public Builder put(String name, String value) {
      open().put(name, value);
      return this;
    }

    public Builder put(String name, long value) {
      open().put(name, value);
      return this;
    }

    public Builder put(String name, boolean value) {
      open().put(name, value);
      return this;
    }

    public Builder put(String name, JsonObject value) {
      open().put(name, value);
      return this;
    }

    /// An array of strings or of objects; left out when empty.
    public Builder put(String name, List<?> values) {
      for (var value : values) {
        if (!(value instanceof String || value instanceof JsonObject || value instanceof Long)) {
          throw new IllegalArgumentException("not a JSON array element: " + value.getClass());
        }
      }
      if (!values.isEmpty()) {
        open().put(name, List.copyOf(values));
      }
      return this;
    }

    /// One value as a string, several as an array, none left out: how `aud` and `resource` are
    /// written.
    public Builder putOneOrMany(String name, List<String> values) {
      return values.size() == 1 ? put(name, values.getFirst()) : put(name, values);
    }

    public Builder putIfPresent(String name, Optional<String> value) {
      value.ifPresent(present -> put(name, present));
      return this;
    }

    /// All members of another object.
    public Builder putAll(JsonObject other) {
      open().putAll(other.members);
      return this;
    }

    /// Copied only if somebody goes on after an object was built, which is rare.
    private Map<String, Object> open() {
      if (shared) {
        members = new LinkedHashMap<>(members);
        shared = false;
      }
      return members;
    }

    public JsonObject build() {
      shared = true;
      return over(members);
    }
  }
}
