package dev.lanyard.server.authorization;

import dev.lanyard.protocol.dpop.DpopVerdict;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.authorization.AuthorizationRequest.Refused;
import dev.lanyard.server.authorization.AuthorizationRequest.Unanswerable;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.http.Rate;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.token.ClientIntake;
import dev.lanyard.server.token.DpopProofs;
import dev.lanyard.server.token.ErrorAnswers;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Platform;
import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// `POST /par`: a client pushes an authorization request, and gets a reference that its browser
/// brings to `/authorize`. What is refused there is refused here, where the client can be told.
///
/// A pushed request grants nothing, so one that is good has no audit record; what a browser does
/// with it has.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9126.html#section-2 RFC 9126 §2 (AC-15)
final class PushEndpoint {
  private static final String EVENT = "authorize.push";

  /// Whoever only names a client may leave so much here a minute: an office of command lines, and
  /// no flood.
  private static final int UNPROVED_A_MINUTE = 120;

  /// What proves the client, and is no part of the request.
  private static final Set<String> AUTHENTICATION =
      Set.of("client_id", "client_secret", "client_assertion", "client_assertion_type");

  private final ClientIntake intake;
  private final AuthorizationRequests requests;
  private final PushedRequests pushed;
  private final DpopProofs dpop;
  private final Journal journal;
  private final Rate<InetAddress> unproved;

  /// @param self the URL of this endpoint as clients see it, which DPoP proofs must name
  PushEndpoint(
      ClientIntake intake,
      AuthorizationRequests requests,
      PushedRequests pushed,
      URI self,
      Platform platform) {
    this.intake = intake;
    this.requests = requests;
    this.pushed = pushed;
    this.dpop = platform.dpopAt(self);
    this.journal = platform.journal();
    this.unproved = new Rate<>(UNPROVED_A_MINUTE, platform.clock());
  }

  Response handle(Request request) {
    return dpop.telling(request, answer(request));
  }

  private Response answer(Request request) {
    return switch (intake.read(request)) {
      case ClientIntake.Intake.Accepted(var form, var client) -> bound(request, form, client);
      case ClientIntake.Intake.Unserved unserved -> unserved.answered(request, journal);
    };
  }

  /// With the key that the code will be bound to (RFC 9449 §10.1).
  private Response bound(Request request, Form form, Client client) {
    if (!client.isConfidential() && !unproved.admits(Strangers.network(request.source()))) {
      return Response.error(
              429,
              ErrorCode.TEMPORARILY_UNAVAILABLE.value(),
              "too many requests were pushed from this address",
              request.correlationId())
          .withHeader("Retry-After", "10");
    }
    return switch (dpop.judge(request)) {
      case DpopVerdict.Absent() ->
          judged(request, form, client, request(form, client, Optional.empty()));
      case DpopVerdict.Accepted(var proof) -> {
        var named = form.one("dpop_jkt");
        yield named.isEmpty() || named.get().equals(proof.thumbprint())
            ? judged(request, form, client, request(form, client, Optional.of(proof.thumbprint())))
            : refused(
                request,
                client,
                new OAuthError(
                    ErrorCode.INVALID_DPOP_PROOF, "dpop_jkt is not the key of the DPoP proof"),
                new Evidence("dpop_jkt", proof.thumbprint(), named.get(), "DPOP-4"));
      }
      case DpopVerdict.Rejected(var reason) ->
          dpop.demand(request, reason)
              .orElseGet(() ->
                  refused(
                      request,
                      client,
                      new OAuthError(reason.error(), "the DPoP proof is not good"),
                      reason.evidence()));
    };
  }

  private static Form request(Form form, Client client, Optional<String> thumbprint) {
    var request = Form.builder().add("client_id", client.id().value());
    for (var name : form.names()) {
      if (!AUTHENTICATION.contains(name)) {
        form.all(name).forEach(value -> request.add(name, value));
      }
    }
    return form.has("dpop_jkt")
        ? request.build()
        : request.addIfPresent("dpop_jkt", thumbprint).build();
  }

  private Response judged(Request request, Form form, Client client, Form asked) {
    if (form.has("request_uri")) {
      var error = new OAuthError(ErrorCode.INVALID_REQUEST, "a request_uri cannot be pushed");
      return refused(
          request, client, error, new Evidence("request_uri", "absent", "present", "AC-15"));
    }
    return switch (requests.readPushed(asked)) {
      case Valid _ -> answered(pushed.push(client.id(), asked));
      case Refused(_, _, var error, var evidence) -> refused(request, client, error, evidence);
      case Unanswerable(var error, _) when error.code() == ErrorCode.TEMPORARILY_UNAVAILABLE ->
          ErrorAnswers.unavailable(request);
      case Unanswerable(_, var evidence) ->
          refused(
              request,
              client,
              new OAuthError(
                  ErrorCode.INVALID_REQUEST, "parameter '" + evidence.check() + "' is not good"),
              evidence);
    };
  }

  private static Response answered(String requestUri) {
    var answer =
        JsonObject.builder()
            .put("request_uri", requestUri)
            .put("expires_in", PushedRequests.LIFE.toSeconds())
            .build();
    return Response.json(201, answer).noStore();
  }

  private Response refused(Request request, Client client, OAuthError error, Evidence evidence) {
    var subject = new Journal.Subject(EVENT, request.correlationId(), Optional.of(client.id()));
    var answer = ErrorAnswers.answer(error, request);
    journal.refused(request, subject, client, error, Findings.of(evidence));
    return client.isConfidential() ? answer : answer.provedNothing();
  }
}
