package dev.lanyard.server.gateway.front;

import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;

/// What of the arguments and results of a tool goes into the record: values at places that an
/// administrator has named, and nothing else. By default no place is named (AUD-4).
///
/// What is not named is redacted, also what servers or clients add later: rules that name what must
/// not be seen would miss it.
///
/// @param arguments JSON Pointers into `arguments`: the value there, or all values below it
/// @param results the same, into `result`
/// @spec https://www.rfc-editor.org/rfc/rfc6901.html RFC 6901
public record Disclosure(List<String> arguments, List<String> results) {
  /// Nothing.
  public static final Disclosure NONE = new Disclosure(List.of(), List.of());

  /// The member of evidence that has it. It counts as personal data, whatever it is.
  static final String DISCLOSED = "disclosed";

  private static final int MOST_VALUES = 20;
  private static final int LONGEST = 256;

  /// @throws IllegalArgumentException if one is no JSON Pointer, or the whole
  public Disclosure {
    arguments = List.copyOf(arguments);
    results = List.copyOf(results);
    for (var pointer : List.of(arguments, results).stream().flatMap(List::stream).toList()) {
      if (!pointer.matches("(/([^~/]|~[01])+)+")) {
        throw new IllegalArgumentException("'" + pointer + "' is no JSON Pointer to a value");
      }
    }
  }

  /// What of it counts for calls of somebody: nothing for a client that acts for itself. What is
  /// personal lies in the record under the key of a person, and there is none whose it could be.
  public Disclosure of(Caller caller) {
    return caller.person().isPresent() ? this : NONE;
  }

  /// Whether results have to be looked into.
  boolean looksIntoResults() {
    return !results.isEmpty();
  }

  /// Evidence with what is named of these arguments; empty if nothing is.
  public JsonObject ofArguments(JsonObject all) {
    return named(all, arguments);
  }

  /// Evidence with what is named of this result; empty if nothing is.
  public JsonObject ofResult(JsonObject all) {
    return named(all, results);
  }

  private static JsonObject named(JsonObject all, List<String> places) {
    if (places.isEmpty()) {
      return JsonObject.EMPTY;
    }
    var found = new LinkedHashMap<String, String>();
    for (var place : places) {
      // The names of members are the caller's words as well.
      for (var leaf : all.leavesAt(place, MOST_VALUES, LONGEST)) {
        if (found.size() < MOST_VALUES) {
          found.put(leaf.pointer(), Excerpt.of(leaf.text(), LONGEST));
        }
      }
    }
    if (found.isEmpty()) {
      return JsonObject.EMPTY;
    }
    var values = JsonObject.builder();
    found.forEach(values::put);
    return JsonObject.builder().put(DISCLOSED, values.build()).build();
  }
}
