package dev.lanyard.suite;

import java.util.Arrays;
import java.util.List;

/// What answers of a token endpoint have to be.
public final class Expect {
  private Expect() {}

  /// A token.
  public static Outcome granted(Answer answer) {
    boolean granted = answer.status() == 200 && !answer.text("access_token").isEmpty();
    return Outcome.of(granted, "200 with a token", answer.inShort());
  }

  /// An OAuth error with one of these codes and the status that RFC 6749 §5.2 gives it: 401 for
  /// `invalid_client`, 400 for every other.
  public static Outcome refused(Answer answer, String... codes) {
    var expected = Arrays.stream(codes).map(Expect::withStatus).toList();
    if (!expected.contains(answer.inShort())) {
      return new Outcome.Failed(String.join(" or ", expected), answer.inShort());
    }
    if (!answer.isJson()) {
      return new Outcome.Failed("Content-Type: application/json", String.valueOf(type(answer)));
    }
    return new Outcome.Passed(answer.inShort());
  }

  /// Any refusal that is not an outage, where the specifications name no code.
  public static Outcome refusedSomehow(Answer answer) {
    boolean refused = answer.status() >= 400 && answer.status() < 500;
    return Outcome.of(refused, "a refusal (4xx)", answer.inShort());
  }

  private static List<String> type(Answer answer) {
    return answer.headers().allValues("Content-Type");
  }

  private static String withStatus(String code) {
    return (code.equals("invalid_client") ? "401 " : "400 ") + code;
  }
}
