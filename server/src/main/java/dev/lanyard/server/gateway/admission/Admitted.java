package dev.lanyard.server.gateway.admission;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.GuardedRequest;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.gateway.message.Era;
import java.time.Duration;
import java.util.Optional;

/// A request whose bearer may come in. What it asks for is not judged yet.
///
/// @param passage until its answer has ended
/// @param patience how long the server may take at most, if that is less than it may always
public record Admitted(
    Incoming request, Bearer bearer, Caller caller, Era era, Passage passage, Duration patience) {

  /// Whoever has brought a token that counts.
  ///
  /// @param guard that has found so, and so challenges where another token would do
  /// @param guarded the request as it was judged
  record Bearer(AccessToken token, Guard guard, GuardedRequest guarded) {}

  /// The same, asked again.
  public Admitted after(Incoming.Attempt attempt) {
    return new Admitted(request.after(attempt), bearer, caller, era, passage, patience);
  }

  /// Something else that the gateway asks by the same bearer, within the same passage.
  ///
  /// @param atMost how long the server may take
  public Admitted asking(Incoming other, Duration atMost) {
    return new Admitted(other, bearer, caller, era, passage, within(atMost));
  }

  /// Whether it is asked again by the gateway itself.
  public boolean isAgain() {
    return request.attempt() != Incoming.Attempt.FIRST;
  }

  /// Whether it is in the record already that this fails.
  public boolean hasFailed() {
    return request.attempt() == Incoming.Attempt.FAILED;
  }

  public AccessToken token() {
    return bearer.token();
  }

  public Guard guard() {
    return bearer.guard();
  }

  public String correlationId() {
    return request.correlationId();
  }

  /// The shorter of both.
  public Duration within(Duration limit) {
    return limit.compareTo(patience) < 0 ? limit : patience;
  }

  /// Whether it waits for a shorter time than the limit: a server that is silent so long has not
  /// failed yet.
  public boolean isHurried(Duration limit) {
    return patience.compareTo(limit) < 0;
  }

  /// With what they call: the scheme and the token were judged to be one each.
  public UpstreamCredentials.Bearing bearing() {
    var header = bearer.guarded().authorization().getFirst();
    var secret = new Secret(header.substring(header.indexOf(' ') + 1).strip());
    return new UpstreamCredentials.Bearing(secret, session(), correlationId());
  }

  private Optional<String> session() {
    try {
      return token().all().string("sid");
    } catch (MalformedException e) {
      throw new IllegalStateException("an access token of our own with an odd sid", e);
    }
  }
}
