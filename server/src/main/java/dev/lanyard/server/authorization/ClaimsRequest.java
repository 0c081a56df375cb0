package dev.lanyard.server.authorization;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.sessions.RequestedClaims;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the parameter `claims` asks for: to be told something, and that somebody signed in in a
/// certain way or is a certain person.
///
/// @param told what the client wants to be told
/// @param subject the only person with whom it will go on
/// @param acrValues the authentication contexts that it wants
/// @param acrEssential whether nothing else will do
/// @param authTimeEssential whether it must be told when the person signed in
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter OpenID Connect Core
///   §5.5
record ClaimsRequest(
    RequestedClaims told,
    Optional<String> subject,
    List<String> acrValues,
    boolean acrEssential,
    boolean authTimeEssential) {
  private static final int LONGEST = 4096;

  static final ClaimsRequest NONE =
      new ClaimsRequest(RequestedClaims.NONE, Optional.empty(), List.of(), false, false);

  ClaimsRequest {
    acrValues = List.copyOf(acrValues);
  }

  /// @throws MalformedException if it is no JSON object of objects, or a member has another type
  ///   than the specification gives it
  static ClaimsRequest parse(String json) throws MalformedException {
    if (json.length() > LONGEST) {
      throw new MalformedException("longer than " + LONGEST + " characters");
    }
    var request = JsonObject.parse(json);
    var idToken = request.object("id_token").orElse(JsonObject.EMPTY);
    var userInfo = request.object("userinfo").orElse(JsonObject.EMPTY);
    var acr = member(idToken, "acr");
    return new ClaimsRequest(
        new RequestedClaims(names(idToken), names(userInfo)),
        member(idToken, "sub").string("value"),
        values(acr),
        acr.bool("essential").orElse(false),
        member(idToken, "auth_time").bool("essential").orElse(false));
  }

  /// A claim without demands may be asked for with `null`.
  private static JsonObject member(JsonObject claims, String name) throws MalformedException {
    return claims.text(name).filter("null"::equals).isPresent()
        ? JsonObject.EMPTY
        : claims.object(name).orElse(JsonObject.EMPTY);
  }

  private static Set<String> names(JsonObject claims) throws MalformedException {
    var names = new LinkedHashSet<String>();
    for (var name : claims.names()) {
      var _ = member(claims, name);
      names.add(name);
    }
    return names;
  }

  private static List<String> values(JsonObject acr) throws MalformedException {
    var one = acr.string("value");
    var values = one.isPresent() ? List.of(one.get()) : acr.strings("values").orElse(List.of());
    if (values.stream().anyMatch(value -> value.isEmpty() || value.indexOf(' ') >= 0)) {
      throw new MalformedException("a value of acr is not one word");
    }
    return values;
  }
}
