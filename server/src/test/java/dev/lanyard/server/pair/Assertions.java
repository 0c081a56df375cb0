package dev.lanyard.server.pair;

import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.keys.Purpose;
import java.security.SecureRandom;

/// ID-JAGs that the broker of a [Pair] would sign, or would never.
public final class Assertions {
  private final Pair pair;
  private final Person person;

  /// @param userName whom they are about
  public Assertions(Pair pair, String userName) {
    this.pair = pair;
    this.person = pair.person(userName);
  }

  /// Good claims for the client `desk-ras`; a test changes one thing of them.
  public JsonObject.Builder claims(ResourceIndicator resource, String scope) {
    return claims(scope).put("resource", resource.value());
  }

  /// The same without a resource.
  public JsonObject.Builder claims(String scope) {
    long now = pair.clock.instant().getEpochSecond();
    return JsonObject.builder()
        .put("iss", pair.broker().value())
        .put("sub", person.id().value())
        .putIfPresent("email", person.email())
        .put("aud", pair.ras().value())
        .put("client_id", "desk-ras")
        .put("jti", "jti-" + new SecureRandom().nextLong())
        .put("iat", now)
        .put("exp", now + 300)
        .put("scope", scope);
  }

  public String signed(JsonObject claims) {
    return new JwtSigner(pair.brokerKeys.active(Purpose.ID_JAG), IdJag.TYPE).sign(claims);
  }
}
