package dev.lanyard.server.token;

import dev.lanyard.protocol.dpop.DpopRequest;
import dev.lanyard.protocol.dpop.DpopValidator;
import dev.lanyard.protocol.dpop.DpopVerdict;
import dev.lanyard.protocol.dpop.Reason;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// The DPoP proofs that come to one endpoint for clients, and the nonces that they must have, if
/// the configuration demands any. Thread-safe.
public final class DpopProofs {
  private final DpopValidator validator;
  private final URI endpoint;
  private final Optional<DpopNonces> nonces;

  /// @param endpoint as clients see it
  DpopProofs(DpopValidator validator, URI endpoint, Optional<DpopNonces> nonces) {
    this.validator = validator;
    this.endpoint = endpoint;
    this.nonces = nonces;
  }

  /// Judges what came in the `DPoP` header.
  public DpopVerdict judge(Request request) {
    var good = nonces.map(DpopNonces::good).orElse(Set.of());
    return validator.judge(
        request.headers("DPoP"), DpopRequest.of("POST", endpoint).demanding(good));
  }

  /// The answer to a proof that only lacks a nonce of ours. It refuses nothing, so there is no
  /// record of it: a client that does as it is told comes back at once.
  public Optional<Response> demand(Request request, Reason reason) {
    return reason instanceof Reason.WrongNonce
        ? Optional.of(
            ErrorAnswers.answer(
                new OAuthError(reason.error(), "make the proof with the nonce of this answer"),
                request))
        : Optional.empty();
  }

  /// An answer with the latest nonce, if a proof came and must have one (RFC 9449 §8.2).
  public Response telling(Request request, Response answer) {
    return nonces
        .filter(_ -> !request.headers("DPoP").isEmpty())
        .map(fresh -> answer.withHeader("DPoP-Nonce", fresh.latest()))
        .orElse(answer);
  }
}
