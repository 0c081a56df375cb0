package dev.lanyard.server.delivery;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Takes tokens back at the authorization servers that issued them: grants from before EMA, which
/// live at somebody else's.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2
public final class TokenRevocation implements Courier {
  /// The kind of message; its body names the token in `token`.
  public static final String KIND = "token-revocation";

  private static final String REFERENCE = "token";

  private final HeldTokens held;
  private final EgressClient egress;

  public TokenRevocation(HeldTokens held, EgressClient egress) {
    this.held = held;
    this.egress = egress;
  }

  /// Where tokens of others are kept; a message only refers to them.
  @FunctionalInterface
  public interface HeldTokens {
    /// The token of this reference; empty if it is not held any more.
    Optional<Held> find(String reference);
  }

  /// A token of another authorization server.
  ///
  /// @param endpoint its revocation endpoint
  /// @param hint `access_token` or `refresh_token`, if known
  /// @param credentials of the client that it was issued to
  public record Held(
      URI endpoint, Secret token, Optional<String> hint, BasicCredentials credentials) {}

  @Override
  public Result carry(Parcel parcel) {
    try {
      return held.find(parcel.delivery().body().nonEmptyString(REFERENCE))
          .map(this::revoke)
          .orElseGet(() -> new Result.Gone("the token is not held any more"));
    } catch (MalformedException e) {
      return new Result.Refused("the message names no token");
    }
  }

  private Result revoke(Held token) {
    var form = Form.builder().add("token", token.token().reveal());
    token.hint().ifPresent(hint -> form.add("token_type_hint", hint));
    var request =
        EgressRequest.post(token.endpoint(), form.build())
            .with("Authorization", token.credentials().toHeader());
    return switch (egress.send(request)) {
      case EgressResult.Answered answer -> judged(answer);
      case EgressResult.Refused(var reason) -> new Result.Refused("not called: " + reason);
      case EgressResult.Failed(var reason) -> new Result.RetryLater(reason);
    };
  }

  /// 200 also for a token that the server does not know: then there is nothing to take back.
  private static Result judged(EgressResult.Answered answer) {
    int status = answer.status();
    if (status == 200) {
      return new Result.Delivered("200");
    }
    if (status == 408 || status == 429 || status >= 500) {
      return new Result.RetryLater(String.valueOf(status), retryAfter(answer));
    }
    return new Result.Refused(String.valueOf(status));
  }

  private static Optional<Duration> retryAfter(EgressResult.Answered answer) {
    return answer
        .header("Retry-After")
        .filter(seconds -> seconds.matches("[0-9]{1,6}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
  }
}
