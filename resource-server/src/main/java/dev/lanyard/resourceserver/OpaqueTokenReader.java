package dev.lanyard.resourceserver;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;

/// Asks the issuer what a token stands for that says nothing itself: an opaque one. A [Guard] that
/// has one takes such tokens, and asks for each at its first call and then every five minutes:
/// whether it was revoked meanwhile is for its [TokenStatus] to say. Whoever sends anything else
/// without a dot in it causes that question at every call. Implementations are thread-safe.
@FunctionalInterface
public interface OpaqueTokenReader {
  /// Must not throw for an outage: see [Reading.Unknown].
  Reading read(Secret token);

  /// What an opaque token stands for.
  sealed interface Reading {
    /// What its issuer says of it: the claims that a JWT in its place would carry.
    record Described(JsonObject claims) implements Reading {}

    /// Its issuer says that it counts for nothing here.
    record Inactive() implements Reading {}

    /// Nobody can say now. The request is not served (fail closed).
    record Unknown(String why) implements Reading {}
  }
}
