package dev.lanyard.server.signals.outbound;

import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.server.delivery.Courier.Result;
import java.time.Duration;
import java.util.Optional;

/// What an answer means for a message that is to arrive.
public final class Sending {
  private Sending() {}

  /// 2xx is delivered; 400 and its like will be answered the same for ever; everything else may be
  /// better later, also 401, 403 and 404: an administrator there repairs a configuration.
  public static Result result(EgressResult result) {
    return switch (result) {
      case EgressResult.Answered answer -> result(answer);
      // Our own policy forbids the way: only a change of the configuration opens it.
      case EgressResult.Refused(var why) -> new Result.Refused("not sent: " + why);
      case EgressResult.Failed(var why) -> new Result.RetryLater(why);
    };
  }

  private static Result result(EgressResult.Answered answer) {
    var status = "status " + answer.status();
    return switch (answer.status()) {
      case 200, 201, 202, 204 -> new Result.Delivered(status);
      case 400, 413, 415, 422 -> new Result.Refused(status);
      default -> new Result.RetryLater(status, retryAfter(answer));
    };
  }

  private static Optional<Duration> retryAfter(EgressResult.Answered answer) {
    return answer
        .header("Retry-After")
        .filter(value -> value.matches("[0-9]{1,6}"))
        .map(Long::parseLong)
        .map(Duration::ofSeconds);
  }
}
