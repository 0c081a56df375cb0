package dev.lanyard.protocol.statuslist;

import dev.lanyard.protocol.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A status list as its issuer vouched for it.
///
/// @param list the URI of the list, `sub`
/// @param issuedAt `iat`: of when it speaks
/// @param expiresAt `exp`: from when on it counts for nothing
/// @param ttl how long it may be kept before it is asked for anew
/// @param statuses what it says
/// @spec https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-20#section-5 Token
///   Status List draft-20 §5
public record StatusListToken(
    URI list,
    Instant issuedAt,
    Optional<Instant> expiresAt,
    Optional<Duration> ttl,
    StatusList statuses) {
  /// The `typ` header.
  public static final String TYPE = "statuslist+jwt";

  /// What it is served as, and asked for by (TSL-3).
  public static final String MEDIA_TYPE = "application/" + TYPE;

  /// The claims, to be signed with the type [#TYPE].
  public JsonObject toClaims() {
    var claims =
        JsonObject.builder()
            .put("sub", list.toString())
            .put("iat", issuedAt.getEpochSecond())
            .put("status_list", statuses.toJson());
    expiresAt.ifPresent(end -> claims.put("exp", end.getEpochSecond()));
    ttl.ifPresent(life -> claims.put("ttl", life.toSeconds()));
    return claims.build();
  }
}
