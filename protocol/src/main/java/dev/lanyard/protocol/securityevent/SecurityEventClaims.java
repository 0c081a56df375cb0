package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import java.time.Instant;
import java.util.Optional;

/// The claims of a security event token to be signed.
///
/// @param audience what the receiver is called
/// @param transaction `txn`, by which the receiver can ask us about it
/// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html#section-4.1 Shared
///   Signals Framework 1.0 §4.1
public record SecurityEventClaims(
    Issuer issuer,
    String audience,
    SubjectIdentifier subject,
    SecurityEvent event,
    Circumstances circumstances,
    Optional<String> transaction) {

  /// @param id `jti`, never used before
  public JsonObject build(String id, Instant issuedAt) {
    var payload = event.toJson().with(circumstances.toJson());
    return JsonObject.builder()
        .put("iss", issuer.value())
        .put("aud", audience)
        .put("iat", issuedAt.getEpochSecond())
        .put("jti", id)
        .putIfPresent("txn", transaction)
        .put("sub_id", subject.toJson())
        .put("events", JsonObject.builder().put(event.type(), payload).build())
        .build();
  }
}
