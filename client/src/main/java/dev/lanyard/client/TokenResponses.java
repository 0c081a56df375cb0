package dev.lanyard.client;

import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.egress.EgressResult.Answered;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.TokenExchangeResponse;
import dev.lanyard.protocol.oauth.TokenResponse;

/// Judges what came back for a request of [TokenRequests]. A refusal is 4xx; 5xx, a redirect, or
/// what is no JSON is an outage, after which nothing is given up.
///
/// **Does not check** that what was granted is within what was asked for.
public final class TokenResponses {
  private TokenResponses() {}

  /// For [TokenRequests#exchange].
  public static ExchangeResult exchange(EgressResult result) {
    return switch (result) {
      case EgressResult.Refused(var reason) -> new ExchangeResult.Failed(reason);
      case EgressResult.Failed(var reason) -> new ExchangeResult.Failed(reason);
      case Answered answer when isRefusal(answer) -> new ExchangeResult.Denied(Denial.of(answer));
      case Answered answer when answer.status() != 200 ->
          new ExchangeResult.Failed("status " + answer.status());
      case Answered answer -> {
        try {
          yield new ExchangeResult.Granted(TokenExchangeResponse.parse(answer.json()));
        } catch (MalformedException e) {
          yield new ExchangeResult.Failed(e.getMessage());
        }
      }
    };
  }

  /// For [TokenRequests#redeem], [TokenRequests#refresh] and [TokenRequests#code].
  public static TokenResult token(EgressResult result) {
    return switch (result) {
      case EgressResult.Refused(var reason) -> new TokenResult.Failed(reason);
      case EgressResult.Failed(var reason) -> new TokenResult.Failed(reason);
      case Answered answer when isRefusal(answer) -> new TokenResult.Denied(Denial.of(answer));
      case Answered answer when answer.status() != 200 ->
          new TokenResult.Failed("status " + answer.status());
      case Answered answer -> {
        try {
          yield new TokenResult.Granted(TokenResponse.parse(answer.json()));
        } catch (MalformedException e) {
          yield new TokenResult.Failed(e.getMessage());
        }
      }
    };
  }

  /// 429 is a plea to wait, not a refusal.
  static boolean isRefusal(Answered answer) {
    return answer.status() >= 400 && answer.status() < 500 && answer.status() != 429;
  }
}
