package dev.lanyard.resourceserver;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Challenge;
import java.util.List;

/// The HTTP answer to a request that is not served.
///
/// @param status 400, 401, 403 or 503
/// @param challenges one `WWW-Authenticate` header each
/// @param body what the caller may know
public record Answer(int status, List<Challenge> challenges, JsonObject body) {
  public Answer {
    challenges = List.copyOf(challenges);
  }
}
