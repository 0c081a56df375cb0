package dev.lanyard.client.flow;

import dev.lanyard.client.Denial;
import dev.lanyard.client.TokenRequests;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.egress.EgressResult.Answered;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// One authorization server in conversation: sends requests, with a DPoP proof where a key is used,
/// and remembers the server's nonce (CLI-38). Thread-safe.
public final class AuthorizationServer {
  private final AuthorizationServerMetadata metadata;
  private final TokenRequests requests;
  private final EgressClient egress;
  private final Optional<DpopSigner> dpop;
  private final AtomicReference<Optional<String>> nonce = new AtomicReference<>(Optional.empty());

  AuthorizationServer(
      AuthorizationServerMetadata metadata,
      TokenRequests requests,
      EgressClient egress,
      Optional<DpopSigner> dpop) {
    this.metadata = metadata;
    this.requests = requests;
    this.egress = egress;
    this.dpop = dpop;
  }

  public Issuer issuer() {
    return metadata.issuer();
  }

  public AuthorizationServerMetadata metadata() {
    return metadata;
  }

  public TokenRequests requests() {
    return requests;
  }

  /// Sends a request to the token endpoint; once more if the server only wanted a nonce.
  ///
  /// @param request makes it anew each time: what proves the client in it may be good for once
  public EgressResult send(Supplier<EgressRequest> request) {
    if (dpop.isEmpty()) {
      return egress.send(request.get());
    }
    var before = nonce.get();
    var result = sendProven(request.get(), dpop.get(), before);
    var wantsNonce =
        result instanceof Answered answer
            && answer.status() >= 400
            && Denial.of(answer).is(ErrorCode.USE_DPOP_NONCE);
    return wantsNonce && !nonce.get().equals(before)
        ? sendProven(request.get(), dpop.get(), nonce.get())
        : result;
  }

  private EgressResult sendProven(
      EgressRequest request, DpopSigner signer, Optional<String> latest) {
    var proof = signer.proof(request.method(), request.url(), latest);
    var result = egress.send(request.with("DPoP", proof));
    if (result instanceof Answered answer) {
      answer.header("DPoP-Nonce").ifPresent(fresh -> nonce.set(Optional.of(fresh)));
    }
    return result;
  }
}
