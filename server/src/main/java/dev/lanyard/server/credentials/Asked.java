package dev.lanyard.server.credentials;

import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Set;

/// What a token endpoint says where policy has a part in the answer.
sealed interface Asked {
  /// @param body of the good answer, not understood yet
  record Granted(JsonObject body) implements Asked {}

  /// A no to this person, or to what is asked for them.
  record Refused(String error) implements Asked {}

  record StepUp(SignInNeeded needed) implements Asked {}

  /// Nobody has said no: an outage, or what only an administrator can mend.
  record Unavailable(String why) implements Asked {}

  /// The errors that nobody mends by repairing a server, or our configuration of it.
  Set<String> ABOUT_THE_PERSON =
      Set.of(
          "invalid_grant",
          "invalid_scope",
          "insufficient_scope",
          "invalid_target",
          "access_denied",
          "login_required",
          "consent_required",
          "insufficient_user_authentication");

  static Asked of(EgressResult result) {
    return switch (result) {
      case EgressResult.Unanswered none -> new Unavailable(none.reason());
      case EgressResult.Answered answered -> {
        try {
          yield of(answered, answered.json());
        } catch (MalformedException e) {
          yield nonsense("status " + answered.status());
        }
      }
    };
  }

  static Unavailable nonsense(String detail) {
    return new Unavailable("its token endpoint answers nonsense: " + detail);
  }

  private static Asked of(EgressResult.Answered answered, JsonObject body)
      throws MalformedException {
    boolean isGood = answered.status() == 200;
    if (isGood && !ForeignServer.isRefusal(body)) {
      return new Granted(body);
    }
    var error = ForeignServer.error(answered);
    if (!(isGood || answered.status() == 400) || !ABOUT_THE_PERSON.contains(error)) {
      return new Unavailable("its token endpoint answered " + answered.status() + " " + error);
    }
    return error.equals("insufficient_user_authentication")
        ? SignInNeeded.in(body).<Asked>map(StepUp::new).orElseGet(() -> new Refused(error))
        : new Refused(error);
  }
}
