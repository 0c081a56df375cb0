package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.idtoken.IdTokenValidator;
import dev.lanyard.protocol.idtoken.IdTokenVerdict;
import dev.lanyard.protocol.idtoken.Limits;
import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.SignInWay;
import dev.lanyard.server.sessions.UpstreamSignIn;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Signs somebody in at a customer's issuer, as a client without a secret: by a code, with PKCE and
/// a nonce. The ID Token must be signed with a key that counts.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth OpenID Connect Core
///   §3.1
final class SignInThere {
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final int LONGEST_WORD = 200;

  private final EgressClient egress;
  private final ClockSkew skew;
  private final InstantSource clock;

  SignInThere(EgressClient egress, ClockSkew skew, InstantSource clock) {
    this.egress = egress;
    this.skew = skew;
    this.clock = clock;
  }

  /// Whom the issuer means.
  sealed interface Who {
    /// @param subject `sub`
    record Somebody(String subject) implements Who {}

    record Nobody(String why) implements Who {}
  }

  /// Where to send the browser; empty if the issuer signs nobody in.
  Optional<URI> url(
      AuthorizationServerMetadata metadata,
      SignInWay way,
      URI callback,
      Secret state,
      UpstreamSignIn begun) {
    var query =
        Form.builder()
            .add("response_type", "code")
            .add("client_id", way.client().value())
            .add("redirect_uri", callback.toString())
            .add("scope", "openid")
            .add("state", state.reveal())
            .add("nonce", begun.nonce())
            .add("code_challenge", begun.verifier().challenge().value())
            .add("code_challenge_method", "S256")
            // Whoever is signed in there at an unlocked screen is not asked otherwise.
            .add("prompt", "login")
            .build()
            .encode();
    return metadata
        .endpoint(Endpoint.AUTHORIZATION)
        .map(uri -> URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + query));
  }

  /// Judges what the browser brought back.
  Who who(SignInWay way, IssuerRules rules, URI callback, Form answer, UpstreamSignIn begun) {
    var discovery = new IssuerDiscovery(egress, way.issuer(), Refresh.DEFAULT, clock);
    return switch (discovery.discover()) {
      case IssuerDiscovery.Discovery.Unavailable(var why) -> new Who.Nobody(why);
      case IssuerDiscovery.Discovery.Found(var metadata) -> {
        var fault = fault(way, answer, metadata);
        if (fault.isPresent()) {
          yield new Who.Nobody(fault.get());
        }
        try {
          var idToken = idToken(way, callback, answer, begun, metadata);
          var trust =
              new TrustedIssuer(
                  way.issuer(), rules.keys().over(discovery.keys()), rules.algorithms());
          yield judged(
              new IdTokenValidator(trust, new Limits(skew, FRESH), clock)
                  .judge(idToken.reveal(), way.client(), begun.nonce()));
        } catch (MalformedException e) {
          yield new Who.Nobody(String.valueOf(e.getMessage()));
        }
      }
    };
  }

  private static Optional<String> fault(
      SignInWay way, Form answer, AuthorizationServerMetadata metadata) {
    var issuer = answer.one("iss");
    // RFC 9207 §2.4: whoever announces `iss` must send it, and whoever sends it must be right.
    if (issuer.isPresent()
        ? !issuer.get().equals(way.issuer().value())
        : metadata.has(Flag.AUTHORIZATION_RESPONSE_ISS)) {
      return Optional.of("the answer is of another issuer");
    }
    return answer
        .one("error")
        .map(error -> "the issuer answers " + Excerpt.marked(error, LONGEST_WORD))
        .or(() -> answer.has("code") ? Optional.empty() : Optional.of("there is no code"));
  }

  /// @throws MalformedException with the reason why there is none
  private Secret idToken(
      SignInWay way,
      URI callback,
      Form answer,
      UpstreamSignIn begun,
      AuthorizationServerMetadata metadata)
      throws MalformedException {
    var endpoint =
        metadata
            .endpoint(Endpoint.TOKEN)
            .orElseThrow(() -> new MalformedException("the metadata names no token_endpoint"));
    var form =
        Form.builder()
            .add("grant_type", "authorization_code")
            .add("client_id", way.client().value())
            .add("code", answer.required("code"))
            .add("redirect_uri", callback.toString())
            .add("code_verifier", begun.verifier().secret().reveal())
            .build();
    return switch (egress.send(EgressRequest.post(endpoint, form))) {
      case EgressResult.Answered answered when answered.status() == 200 ->
          TokenResponse.parse(answered.json())
              .idToken()
              .orElseThrow(() -> new MalformedException("the token endpoint gives no id_token"));
      case EgressResult.Answered answered ->
          throw new MalformedException("the token endpoint answers " + answered.status());
      case EgressResult.Unanswered none -> throw new MalformedException(none.reason());
    };
  }

  private static Who judged(IdTokenVerdict verdict) {
    return switch (verdict) {
      case IdTokenVerdict.Accepted(var idToken) -> new Who.Somebody(idToken.subject());
      case IdTokenVerdict.Rejected(var reason) ->
          new Who.Nobody(
              "id_token: %s must be %s, and is %s"
                  .formatted(
                      reason.evidence().check(),
                      reason.evidence().expected(),
                      reason.evidence().actual()));
      case IdTokenVerdict.Undecided(var why) -> new Who.Nobody(why);
    };
  }
}
