package dev.lanyard.server.token;

import dev.lanyard.protocol.dpop.DpopProof;
import dev.lanyard.protocol.dpop.DpopVerdict;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.tracing.Span;
import dev.lanyard.server.tracing.Step.Kind;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// `POST /token`: the steps every grant shares, so that no grant can forget one.
///
/// In this order: this node is up to date; the form; the client; the grant and whether this client
/// may use it; the DPoP proof; the grant's own decision; claim, facts and audit made durable
/// together; whether it still counts; the answer. An outage is never a refusal.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2 RFC 6749 §3.2
public final class TokenEndpoint {
  private static final String UNDISPATCHED = "token.request";

  private final ClientIntake intake;
  private final Map<GrantType, Grant> grants;
  private final DpopProofs dpop;
  private final Journal journal;
  private final InstantSource clock;
  private final Conclusion conclusion;

  /// @param grants the grants of this server; what is not here is not supported
  public TokenEndpoint(
      ClientIntake intake,
      Map<GrantType, Grant> grants,
      DpopProofs dpop,
      Journal journal,
      InstantSource clock) {
    this.intake = intake;
    this.grants = Map.copyOf(grants);
    this.dpop = dpop;
    this.journal = journal;
    this.clock = clock;
    this.conclusion = intake.concluding(journal);
  }

  public Response handle(Request request) {
    return dpop.telling(request, answer(request));
  }

  private Response answer(Request request) {
    return switch (intake.read(request)) {
      case ClientIntake.Intake.Accepted(var form, var client) -> dispatch(request, form, client);
      case ClientIntake.Intake.Unserved unserved -> unserved.answered(request, journal);
    };
  }

  private Response dispatch(Request request, Form form, Client client) {
    if (intake.halt().everything()) {
      // Not a refusal: on 4xx clients throw away what they have, and this ends one day.
      var why = "an administrator has stopped everything";
      return concluded(
          request,
          subject(UNDISPATCHED, request, client),
          client,
          TokenResult.Unavailable.because(why));
    }
    var named = form.one("grant_type");
    var type = named.flatMap(GrantType::of).filter(grants::containsKey);
    if (type.isEmpty()) {
      return concluded(request, subject(UNDISPATCHED, request, client), client, unsupported(named));
    }
    var grant = Optional.ofNullable(grants.get(type.get())).orElseThrow();
    var about = subject(grant.event(), request, client);
    if (!client.grantTypes().contains(type.get())) {
      return concluded(request, about, client, notAllowed(type.get(), client));
    }
    return switch (dpop.judge(request)) {
      case DpopVerdict.Absent() when client.dpopRequired() ->
          concluded(request, about, client, missingProof());
      case DpopVerdict.Absent() -> decide(request, about, grant, form, client, Optional.empty());
      case DpopVerdict.Accepted(var proof) ->
          decide(request, about, grant, form, client, Optional.of(proof));
      case DpopVerdict.Rejected(var reason) ->
          dpop.demand(request, reason)
              .orElseGet(() ->
                  concluded(
                      request,
                      about,
                      client,
                      TokenResult.Refused.of(
                          reason.error(), "the DPoP proof is not good", reason.evidence())));
    };
  }

  private Response decide(
      Request request,
      Journal.Subject about,
      Grant grant,
      Form form,
      Client client,
      Optional<DpopProof> proof) {
    var asked = new TokenRequest(form, client, proof, request.correlationId(), clock.instant());
    var result = Span.of(grant.event(), Kind.INTERNAL, () -> told(grant.decide(asked)));
    var response = concluded(request, about, client, result);
    return result instanceof TokenResult.Refused refused && refused.findings().mayBeAnybodys(client)
        ? response.provedNothing()
        : response;
  }

  private static TokenResult told(TokenResult result) {
    Span.tell(
        "lanyard.outcome",
        switch (result) {
          case TokenResult.Issued _ -> "issued";
          case TokenResult.Refused(var error, _) -> error.code().value();
          case TokenResult.Unavailable _ -> "unavailable";
        });
    return result;
  }

  private Response concluded(
      Request request, Journal.Subject about, Client client, TokenResult decided) {
    boolean isAnybodys = decided.findings().mayBeAnybodys(client);
    return switch (decided) {
      case TokenResult.Refused(var error, var findings) when isAnybodys -> {
        journal.refusedStranger(request, about, error, findings);
        yield ErrorAnswers.answer(error, request);
      }
      case TokenResult.Unavailable(_, var findings) when isAnybodys -> {
        journal.unavailableToStranger(request, about, findings);
        yield ErrorAnswers.unavailable(request);
      }
      case TokenResult.Issued _, TokenResult.Refused _, TokenResult.Unavailable _ ->
          answered(request, conclusion.of(about, decided));
    };
  }

  private static Response answered(Request request, TokenResult concluded) {
    return switch (concluded) {
      case TokenResult.Issued issued -> Response.json(200, issued.response()).noStore();
      case TokenResult.Refused(var error, _) -> ErrorAnswers.answer(error, request);
      case TokenResult.Unavailable _ -> ErrorAnswers.unavailable(request);
    };
  }

  private static Journal.Subject subject(String event, Request request, Client client) {
    return new Journal.Subject(event, request.correlationId(), Optional.of(client.id()));
  }

  private TokenResult unsupported(Optional<String> named) {
    var supported = grants.keySet().stream().map(GrantType::value).sorted().toList().toString();
    return named.isEmpty()
        ? TokenResult.Refused.of(
            ErrorCode.INVALID_REQUEST,
            "grant_type is missing",
            new Evidence("grant_type", supported, "none", "TOK-4"))
        : TokenResult.Refused.of(
            ErrorCode.UNSUPPORTED_GRANT_TYPE,
            "this server does not have this grant type",
            new Evidence("grant_type", supported, named.get(), "TOK-4"));
  }

  private static TokenResult missingProof() {
    return TokenResult.Refused.of(
        ErrorCode.INVALID_DPOP_PROOF,
        "this client must send a DPoP proof",
        new Evidence("DPoP", "a proof", "none", "DPOP-6"));
  }

  private static TokenResult notAllowed(GrantType type, Client client) {
    var allowed = client.grantTypes().stream().map(GrantType::value).sorted().toList().toString();
    return TokenResult.Refused.of(
        ErrorCode.UNAUTHORIZED_CLIENT,
        "this client may not use this grant type",
        new Evidence("grant_type", allowed, type.value(), "TOK-4"));
  }
}
