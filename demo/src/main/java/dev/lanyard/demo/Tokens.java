package dev.lanyard.demo;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Shows what is inside a token. The signature is left out, so that what is printed cannot be used.
final class Tokens {
  private Tokens() {}

  static JsonObject decoded(Secret jwt) {
    var parts = jwt.reveal().split("\\.", -1);
    return JsonObject.builder().put("header", part(parts[0])).put("claims", part(parts[1])).build();
  }

  private static JsonObject part(String encoded) {
    try {
      return JsonObject.parse(
          new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8));
    } catch (MalformedException e) {
      throw new IllegalStateException("a token of ours cannot be read", e);
    }
  }
}
