package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a client asks for, or was granted, in more words than scopes have. Each object has a `type`
/// that says how it is to be read. Immutable.
///
/// @param all the objects, in the order in which they were written
/// @spec https://www.rfc-editor.org/rfc/rfc9396.html#section-2 RFC 9396 §2
public record AuthorizationDetails(List<JsonObject> all) {
  /// None.
  public static final AuthorizationDetails NONE = new AuthorizationDetails(List.of());

  private static final int MOST = 20;
  private static final int LONGEST = 16 * 1024;

  public AuthorizationDetails {
    all = List.copyOf(all);
  }

  /// Reads a parameter: a JSON array of objects.
  ///
  /// **Does not check** what the objects say; see [AuthorizationDetailType].
  ///
  /// @throws MalformedException if it is none, an object has no type, or there are more than 20
  ///   objects or 16 KiB
  public static AuthorizationDetails parse(String parameter) throws MalformedException {
    if (parameter.length() > LONGEST) {
      throw new MalformedException("the authorization details are longer than 16 KiB");
    }
    // The parser reads objects; what is not one array would make other or more members.
    var wrapped = JsonObject.parse("{\"all\":" + parameter + "}");
    if (wrapped.names().size() != 1) {
      throw new MalformedException("the authorization details are not one JSON array");
    }
    return of(wrapped.objects("all").orElse(List.of()));
  }

  /// Checks what was read as a member of something else.
  ///
  /// @throws MalformedException if an object has no type, or there are more than 20
  public static AuthorizationDetails of(List<JsonObject> all) throws MalformedException {
    if (all.size() > MOST) {
      throw new MalformedException("there are more than " + MOST + " authorization details");
    }
    for (var detail : all) {
      if (detail.nonEmptyString("type").length() > 256) {
        throw new MalformedException("a type of authorization details is too long");
      }
    }
    return new AuthorizationDetails(all);
  }

  /// The type of one object of these.
  public static String typeOf(JsonObject detail) {
    try {
      return detail.nonEmptyString("type");
    } catch (MalformedException e) {
      throw new IllegalArgumentException("authorization details without a type", e);
    }
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /// The types that occur, each once.
  public Set<String> types() {
    return all.stream()
        .map(AuthorizationDetails::typeOf)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /// The value of a parameter.
  @Override
  public String toString() {
    return all.stream().map(JsonObject::toJson).collect(Collectors.joining(",", "[", "]"));
  }
}
