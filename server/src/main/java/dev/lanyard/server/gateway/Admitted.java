package dev.lanyard.server.gateway;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Request;
import java.util.Optional;

/// A request whose bearer may come in. What it asks for is not judged yet.
///
/// @param passage until its answer has ended
record Admitted(Request request, AccessToken token, Caller caller, Era era, Passage passage) {
  String correlationId() {
    return request.correlationId();
  }

  /// With what they call: the scheme and the token were judged to be one each.
  UpstreamCredentials.Bearing bearing() {
    var header = request.header("Authorization").orElseThrow();
    var secret = new Secret(header.substring(header.indexOf(' ') + 1).strip());
    return new UpstreamCredentials.Bearing(secret, session(), correlationId());
  }

  private Optional<String> session() {
    try {
      return token.all().string("sid");
    } catch (MalformedException e) {
      throw new IllegalStateException("an access token of our own with an odd sid", e);
    }
  }
}
