package dev.lanyard.client;

import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.egress.EgressResult.Answered;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.TokenExchangeResponse;
import dev.lanyard.protocol.oauth.TokenResponse;
import java.util.function.Function;

/// Judges what came back for a request of [TokenRequests]. A refusal is 4xx; 5xx, a redirect, or
/// what is no JSON is an outage, after which nothing is given up.
///
/// **Does not check** that what was granted is within what was asked for.
public final class TokenResponses {
  private TokenResponses() {}

  /// For [TokenRequests#exchange].
  public static ExchangeResult exchange(EgressResult result) {
    return judged(
        result,
        json -> new ExchangeResult.Granted(TokenExchangeResponse.parse(json)),
        ExchangeResult.Denied::new,
        ExchangeResult.Failed::new);
  }

  /// For [TokenRequests#redeem], [TokenRequests#refresh] and [TokenRequests#code].
  public static TokenResult token(EgressResult result) {
    return judged(
        result,
        json -> new TokenResult.Granted(TokenResponse.parse(json)),
        TokenResult.Denied::new,
        TokenResult.Failed::new);
  }

  /// For any request to a token endpoint.
  public static <T> T judged(
      EgressResult result,
      Reader<T> reader,
      Function<Denial, T> denied,
      Function<String, T> failed) {
    return switch (result) {
      case EgressResult.Unanswered none -> failed.apply(none.reason());
      case Answered answer when isRefusal(answer) -> denied.apply(Denial.of(answer));
      case Answered answer when answer.status() != 200 -> failed.apply("status " + answer.status());
      case Answered answer -> {
        try {
          yield reader.read(answer.json());
        } catch (MalformedException e) {
          yield failed.apply(String.valueOf(e.getMessage()));
        }
      }
    };
  }

  /// Reads what was granted.
  public interface Reader<T> {
    T read(JsonObject json) throws MalformedException;
  }

  /// 429 is a plea to wait, not a refusal.
  private static boolean isRefusal(Answered answer) {
    return answer.status() >= 400 && answer.status() < 500 && answer.status() != 429;
  }
}
