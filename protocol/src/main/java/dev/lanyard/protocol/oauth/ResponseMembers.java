package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The members that token responses have in common.
final class ResponseMembers {
  /// No token lives longer than ten years; a larger number would overflow an instant.
  private static final long MAX_SECONDS = Duration.ofDays(3653).toSeconds();

  private ResponseMembers() {}

  static Secret token(JsonObject json, String name) throws MalformedException {
    return json.string(name)
        .filter(token -> !token.isEmpty() && token.chars().allMatch(c -> c >= 0x20 && c <= 0x7e))
        .map(Secret::new)
        .orElseThrow(() -> new MalformedException("the response has no usable '" + name + "'"));
  }

  static Optional<Duration> lifetime(JsonObject json) throws MalformedException {
    var seconds = json.seconds("expires_in");
    if (seconds.isPresent() && (seconds.get() < 0 || seconds.get() > MAX_SECONDS)) {
      throw new MalformedException("expires_in is not a lifetime");
    }
    return seconds.map(Duration::ofSeconds);
  }

  static AuthorizationDetails details(JsonObject json) throws MalformedException {
    return AuthorizationDetails.of(json.objects("authorization_details").orElse(List.of()));
  }

  /// An empty `scope` breaks the grammar, but servers write it when nothing was granted.
  static Optional<Scopes> scopes(JsonObject json) throws MalformedException {
    var scope = json.string("scope");
    if (scope.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(scope.get().isEmpty() ? Scopes.NONE : Scopes.parse(scope.get()));
  }
}
