package dev.lanyard.conformance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Base64;

/// Looks into a JWT without believing it, to see what was written there.
final class Jwt {
  private Jwt() {}

  static JsonObject header(String compact) throws MalformedException {
    return part(compact, 0);
  }

  static JsonObject claims(String compact) throws MalformedException {
    return part(compact, 1);
  }

  private static JsonObject part(String compact, int index) throws MalformedException {
    return JsonObject.parse(Base64.getUrlDecoder().decode(compact.split("\\.")[index]));
  }
}
