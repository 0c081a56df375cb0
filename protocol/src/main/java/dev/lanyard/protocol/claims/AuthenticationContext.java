package dev.lanyard.protocol.claims;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// When and how a person signed in. It travels unchanged from the sign-in to the last token, never
/// refreshed to "now" (IDP-31).
///
/// @param time `auth_time`
/// @param contextClass `acr`
/// @param methods `amr`; empty when unknown
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#IDToken OpenID Connect Core §2
public record AuthenticationContext(
    Optional<Instant> time, Optional<String> contextClass, List<String> methods) {
  /// Nothing is known.
  public static final AuthenticationContext UNKNOWN =
      new AuthenticationContext(Optional.empty(), Optional.empty(), List.of());

  public AuthenticationContext {
    methods = List.copyOf(methods);
  }

  /// Reads the three claims. A method that is not one word is left out: lists of them travel with a
  /// space between, and `"pwd mfa"` must not become two.
  ///
  /// @throws MalformedException if one of them has another type
  public static AuthenticationContext of(JsonObject claims) throws MalformedException {
    var methods =
        claims.strings("amr").orElse(List.of()).stream()
            .filter(method -> !method.isEmpty() && method.chars().noneMatch(c -> c <= ' '))
            .toList();
    return new AuthenticationContext(claims.instant("auth_time"), claims.string("acr"), methods);
  }

  /// The three claims, those that are known.
  public JsonObject toJson() {
    var claims = JsonObject.builder();
    time.ifPresent(at -> claims.put("auth_time", at.getEpochSecond()));
    return claims.putIfPresent("acr", contextClass).put("amr", methods).build();
  }
}
