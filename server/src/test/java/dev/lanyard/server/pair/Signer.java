package dev.lanyard.server.pair;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Map;

/// A client that proves itself with assertions that it signs.
///
/// @param client its id at the server that it talks to
/// @param self that server
public record Signer(String client, Issuer self, SigningKey key, TestClock clock) {
  public static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /// The client at the broker.
  public static Signer atBroker(Pair pair) {
    return new Signer("signer", pair.broker(), World.CLIENT_KEY, pair.clock);
  }

  /// The same client at the resource authorization server.
  public static Signer atRas(Pair pair) {
    return new Signer("signer-ras", pair.ras(), World.CLIENT_KEY, pair.clock);
  }

  /// The client of a SCIM connection.
  public static Signer provisioner(Pair pair) {
    return new Signer("provisioner", pair.broker(), World.CLIENT_KEY, pair.clock);
  }

  public Signer with(SigningKey other) {
    return new Signer(client, self, other, clock);
  }

  /// Good claims; a test changes one thing of them.
  public JsonObject.Builder claims() {
    long now = clock.instant().getEpochSecond();
    return JsonObject.builder()
        .put("iss", client)
        .put("sub", client)
        .put("aud", self.value())
        .put("jti", "assertion-" + new SecureRandom().nextLong())
        .put("iat", now)
        .put("exp", now + 60);
  }

  public String signed(JsonObject claims) {
    return new JwtSigner(key, "client-authentication+jwt").sign(claims);
  }

  /// A new assertion.
  public String assertion() {
    return signed(claims().build());
  }

  /// The request, authenticated by this assertion.
  public static Form authenticated(Form request, String assertion) {
    var form = Form.builder();
    for (var name : request.names()) {
      request.all(name).forEach(value -> form.add(name, value));
    }
    return form.add("client_assertion_type", ASSERTION_TYPE)
        .add("client_assertion", assertion)
        .build();
  }

  /// Sends the request with a new assertion.
  public Answer post(URI url, Form request) {
    return Http.post(url, authenticated(request, assertion()), Map.of());
  }
}
