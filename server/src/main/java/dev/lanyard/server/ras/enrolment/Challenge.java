package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import java.util.Optional;

/// What a document below `/.well-known/lanyard-challenge` must carry. It says what it is for, so
/// that nobody publishes a value for somebody else's purpose without seeing it.
///
/// @param value the one-time value
/// @param server the resource authorization server that asks
/// @param issuer whom the publisher calls its own; none where only a domain is proved
public record Challenge(String value, Issuer server, Optional<Issuer> issuer) {

  /// The entry of the list `lanyard_challenges`.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("challenge", value)
        .put("resource_authorization_server", server.value())
        .putIfPresent("issuer", issuer.map(Issuer::value))
        .build();
  }

  boolean isIn(JsonObject entry) throws MalformedException {
    return entry.string("challenge").equals(Optional.of(value))
        && entry.string("resource_authorization_server").equals(Optional.of(server.value()))
        && entry.string("issuer").equals(issuer.map(Issuer::value));
  }
}
