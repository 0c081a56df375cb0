package dev.lanyard.server.gateway.admission;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.Refusal;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.UpstreamCredentials.Presented;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.http.Response;
import java.util.Optional;

/// Why nothing of somebody's goes up to a server: the gateway has nothing to show there for them.
///
/// @param code of the error
/// @param sentence for the person: what is missing and what to do
/// @param why for the record
/// @param weak the better sign-in that they need, if that is it
public record Withheld(int code, String sentence, Evidence why, Optional<Refusal> weak) {
  /// Empty if there is something to show.
  public static Optional<Withheld> of(Front front, Presented presented) {
    return switch (presented) {
      case Presented.With _ -> Optional.empty();
      case Presented.Missing(var sentence) ->
          Optional.of(
              new Withheld(RpcError.DENIED, sentence, credentials("none"), Optional.empty()));
      case Presented.StepUp(var maxAge, var acrValues) -> {
        var weak = new Refusal.WeakSignIn(new Requirement(Scopes.NONE, maxAge, acrValues));
        var sentence =
            front.name()
                + " needs you to sign in again before it serves this. Do so when your application"
                + " asks you to.";
        yield Optional.of(
            new Withheld(RpcError.DENIED, sentence, weak.evidence(), Optional.of(weak)));
      }
      case Presented.Unavailable(var why) -> {
        var sentence =
            front.name()
                + " cannot be reached for you now. Try again in a minute; if it stays so, tell your"
                + " administrator.";
        yield Optional.of(
            new Withheld(RpcError.UNAVAILABLE, sentence, credentials(why), Optional.empty()));
      }
    };
  }

  private static Evidence credentials(String found) {
    return new Evidence("upstream credentials", "some", found, "RS-8");
  }

  /// What to say of it to whoever asked.
  ///
  /// @param status where credentials are missing
  public Response answer(Admitted who, int status, RpcId to) {
    var error = RpcError.of(code, sentence, who.correlationId());
    if (weak.isPresent()) {
      return Replies.challenged(who, weak.get(), error, to);
    }
    return code == RpcError.UNAVAILABLE
        ? Replies.error(503, error, to).withHeader("Retry-After", "10")
        : Replies.error(status, error, to);
  }
}
