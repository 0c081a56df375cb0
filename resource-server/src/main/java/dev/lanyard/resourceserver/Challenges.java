package dev.lanyard.resourceserver;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.Challenge;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.ArrayList;
import java.util.List;

/// Turns refusals into answers that tell a client what to do next.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6750.html#section-3 RFC 6750 §3
/// @spec https://www.rfc-editor.org/rfc/rfc9728.html#section-5.1 RFC 9728 §5.1
final class Challenges {
  private final ProtectedResourceMetadata self;

  Challenges(ProtectedResourceMetadata self) {
    this.self = self;
  }

  Answer answer(Refusal refusal) {
    return switch (refusal) {
      // Without a token there is no error to name yet.
      case Refusal.NoToken() -> new Answer(401, offers(), description("an access token is needed"));
      case Refusal.BadRequest(var detail) -> error(400, "invalid_request", detail);
      case Refusal.BadToken _ignored ->
          error(401, "invalid_token", "the access token is not valid here");
      case Refusal.BadProof proof -> badProof(proof);
      case Refusal.MissingScope missing -> missingScope(missing.needed().scopes());
      case Refusal.MissingDetails _ignored -> missingDetails();
      case Refusal.WeakSignIn weak -> weakSignIn(weak.needed());
    };
  }

  Answer unavailable() {
    return new Answer(
        503, List.of(), body("temporarily_unavailable", "the token cannot be checked now"));
  }

  private Answer error(int status, String code, String description) {
    var challenges =
        offers().stream()
            .map(offer -> offer.with("error", code).with("error_description", description))
            .toList();
    return new Answer(status, challenges, body(code, description));
  }

  private Answer badProof(Refusal.BadProof proof) {
    var code = proof.error().value();
    var description = "the DPoP proof is missing or not valid";
    var challenge = dpop().with("error", code).with("error_description", description);
    return new Answer(401, List.of(challenge), body(code, description));
  }

  /// One challenge with everything that the operation needs, so that one step up is enough.
  private Answer missingScope(Scopes needed) {
    var description = "the access token lacks a scope that this operation needs";
    var challenges =
        unscopedOffers().stream()
            .map(offer ->
                offer
                    .with("error", "insufficient_scope")
                    .with("scope", needed.toString())
                    .with("error_description", description))
            .toList();
    return new Answer(403, challenges, body("insufficient_scope", description));
  }

  /// No scope would help, so none is named; no other error code of RFC 6750 means a lack of rights.
  private Answer missingDetails() {
    var code = "insufficient_scope";
    var description = "the access token lacks authorization details that this operation needs";
    var challenges =
        unscopedOffers().stream()
            .map(offer -> offer.with("error", code).with("error_description", description))
            .toList();
    return new Answer(403, challenges, body(code, description));
  }

  private Answer weakSignIn(Requirement needed) {
    var code = "insufficient_user_authentication";
    var description = "this operation needs a fresher or stronger sign-in";
    var challenges = new ArrayList<Challenge>();
    for (var offer : unscopedOffers()) {
      var challenge = offer.with("error", code).with("error_description", description);
      if (!needed.acrValues().isEmpty()) {
        challenge = challenge.with("acr_values", String.join(" ", needed.acrValues()));
      }
      if (needed.maxAge().isPresent()) {
        challenge = challenge.with("max_age", String.valueOf(needed.maxAge().get().toSeconds()));
      }
      challenges.add(challenge);
    }
    return new Answer(401, challenges, body(code, description));
  }

  /// A challenge for each way in which a token may come.
  private List<Challenge> offers() {
    return self.scopes().isEmpty()
        ? unscopedOffers()
        : unscopedOffers().stream()
            .map(offer -> offer.with("scope", self.scopes().toString()))
            .toList();
  }

  private List<Challenge> unscopedOffers() {
    if (self.dpopRequired()) {
      return List.of(dpop());
    }
    var bearer = described(AccessTokenType.BEARER);
    return self.dpopAlgorithms().isEmpty() ? List.of(bearer) : List.of(bearer, dpop());
  }

  private Challenge dpop() {
    return described(AccessTokenType.DPOP).with("algs", String.join(" ", self.dpopAlgorithms()));
  }

  private Challenge described(AccessTokenType type) {
    return Challenge.of(type.value())
        .with("resource_metadata", WellKnown.protectedResource(self.resource()).toString());
  }

  private static JsonObject body(String code, String description) {
    return JsonObject.builder().put("error", code).build().with(description(description));
  }

  private static JsonObject description(String description) {
    return JsonObject.builder().put("error_description", description).build();
  }
}
