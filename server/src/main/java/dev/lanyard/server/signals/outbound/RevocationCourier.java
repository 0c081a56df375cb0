package dev.lanyard.server.signals.outbound;

import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.RevocationCaller;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.token.Platform;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Calls for a global token revocation elsewhere. Repeating a call is harmless: it revokes what is
/// revoked already (GTR-7).
///
/// @spec https://datatracker.ietf.org/doc/html/draft-parecki-oauth-global-token-revocation-04
///   Global Token Revocation draft-04
public final class RevocationCourier implements Courier {
  /// The kind of delivery.
  public static final String KIND = "global-token-revocation";

  /// In a delivery to somebody who knows people by their address: the person had another one
  /// before.
  static final String RENAMED = "renamed";

  private static final String LOOK =
      "it does not know the user, and may know them by a former address: look there, then have it"
          + " sent again";

  private static final Duration LIFE = Duration.ofMinutes(5);

  private final Issuer self;
  private final List<RevocationTarget> targets;
  private final SignalSigner signer;
  private final Platform platform;

  public RevocationCourier(
      Issuer self, List<RevocationTarget> targets, SignalSigner signer, Platform platform) {
    this.self = self;
    this.targets = List.copyOf(targets);
    this.signer = signer;
    this.platform = platform;
  }

  @Override
  public Result carry(Parcel parcel) {
    try {
      var name = parcel.delivery().body().nonEmptyString("target");
      var subject = parcel.delivery().body().object("sub_id").orElse(JsonObject.EMPTY);
      var target = targets.stream().filter(one -> one.name().equals(name)).findFirst();
      return target.isEmpty()
          ? new Result.Gone("it is not in the configuration any more")
          : remembering(parcel, called(target.get(), subject, isToBeLookedFor(parcel)));
    } catch (MalformedException e) {
      throw new IllegalStateException("a delivery of a revocation cannot be read", e);
    }
  }

  /// Whether an administrator has to look for the person there, and has not been told yet: whoever
  /// has it sent again after that has looked.
  private static boolean isToBeLookedFor(Parcel parcel) throws MalformedException {
    return parcel.delivery().body().bool(RENAMED).orElse(false) && !asksToLook(parcel.answer());
  }

  /// Whether an administrator has to look there before this message is sent again. With more behind
  /// it somebody has looked.
  public static boolean wantsALook(Letter letter) {
    return letter.answer().filter(LOOK::equals).isPresent();
  }

  private static boolean asksToLook(Optional<String> answer) {
    return answer.filter(one -> one.startsWith(LOOK)).isPresent();
  }

  /// That somebody has looked stays known until there is an answer.
  private static Result remembering(Parcel parcel, Result result) {
    return asksToLook(parcel.answer()) && result instanceof Result.RetryLater(var why, var after)
        ? new Result.RetryLater(LOOK + "; then: " + why, after)
        : result;
  }

  private Result called(RevocationTarget target, JsonObject subject, boolean isToBeLookedFor) {
    var body = JsonObject.builder().put("sub_id", subject).build();
    var headers =
        Map.of(
            "Authorization", "Bearer " + proof(target),
            "Content-Type", "application/json",
            "Accept", "application/json");
    var result =
        platform.egress().send(new EgressRequest("POST", target.url(), headers, body.toJson()));
    if (!(result instanceof EgressResult.Answered answer && answer.status() == 404)) {
      return Sending.result(result);
    }
    // Whom they do not know has nothing to revoke there, unless they know them by another address,
    // of which we have no more than a hash.
    return isToBeLookedFor
        ? new Result.Refused(LOOK)
        : new Result.Gone("it does not know the user");
  }

  /// A new one for each attempt: the other side takes each once only.
  private String proof(RevocationTarget target) {
    return switch (target.proof()) {
      case RevocationTarget.Proof.Token(var token) -> token.reveal();
      case RevocationTarget.Proof.Signed(var subject) -> {
        var now = platform.clock().instant();
        yield signer.call(
            new RevocationCaller(self, subject, OpaqueToken.identifier(), now.plus(LIFE))
                .claimsFor(target.url(), now));
      }
    };
  }
}
