package dev.lanyard.server.gateway.message;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Set;

/// What a result of 2026-07-28 says of how it may be kept. Everything that passes here was asked
/// with one person's token and answered by what they may have, so nothing of it may be kept for
/// others, whatever its server says (RS-16). A result that can be kept and does not say for whom is
/// taken by some clients to be for everybody.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching MCP
///   Caching
public final class CacheHints {
  public static final String SCOPE = "cacheScope";
  public static final String LIFE = "ttlMs";

  /// The members that are looked for, and set.
  static final Set<String> MEMBERS = Set.of(SCOPE, LIFE);

  private static final JsonObject PRIVATE = JsonObject.builder().put(SCOPE, "private").build();

  private CacheHints() {}

  /// The same result, for nobody else to keep.
  ///
  /// @throws MalformedException if somebody could read another hint in it
  public static JsonObject ofOnePerson(JsonObject result) throws MalformedException {
    Message.exactly(result, MEMBERS);
    return result.has(SCOPE) || result.has(LIFE) ? result.with(PRIVATE) : result;
  }

  /// The same list, not to be kept at all: what somebody may use can be another the next moment,
  /// and a description that was accepted can be quarantined.
  public static JsonObject ofList(JsonObject result) {
    return result.has(LIFE) ? result.with(JsonObject.builder().put(LIFE, 0).build()) : result;
  }
}
