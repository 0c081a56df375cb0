package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.revocation.Accepted;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Reaction;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.signals.inbound.RevocationCalls.Caller;
import dev.lanyard.server.signals.inbound.RevocationCalls.Who;
import dev.lanyard.server.signals.inbound.SubjectReading.Reading;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Platform;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `POST /global-token-revocation`: an identity provider wants every session and token of a person
/// revoked. It is answered with 204 when that is durable and in force here.
///
/// Somebody of another organisation, or whom the caller may not name, is as unknown as anybody
/// (GTR-1 to GTR-6, GTR-8).
///
/// @spec https://datatracker.ietf.org/doc/html/draft-parecki-oauth-global-token-revocation-04
///   Global Token Revocation draft-04
final class RevocationCallEndpoint {
  private final RevocationCalls calls;
  private final Revocation revocation;
  private final Platform platform;
  private final Journal journal;

  RevocationCallEndpoint(RevocationCalls calls, Revocation revocation, Platform platform) {
    this.calls = calls;
    this.revocation = revocation;
    this.platform = platform;
    this.journal = platform.journal();
  }

  Response handle(Request request) {
    return switch (calls.authenticate(request)) {
      case Who.Known(var caller, var tokenId, var forgetAfter) ->
          authenticated(request, caller, new Proved(tokenId, forgetAfter));
      case Who.Nobody(var evidence) -> unauthenticated(request, evidence);
      case Who.Undecided(var why) -> {
        journal.unavailableToStranger(
            request,
            subject(request),
            Findings.of(JsonObject.builder().put("outage", why).build()));
        yield answer(503, "the caller's keys cannot be had now, try again")
            .withHeader("Retry-After", "10");
      }
    };
  }

  /// The token that proved who calls, if it is one that may be used once only.
  private record Proved(Optional<String> id, Instant forgetAfter) {}

  private Response authenticated(Request request, Caller caller, Proved proved) {
    if (!request.contentType().equals(Optional.of("application/json"))) {
      return refused(request, caller, "Content-Type", request.contentType().orElse("none"));
    }
    SubjectIdentifier identifier;
    try {
      identifier = identifier(JsonObject.parse(request.body()), caller);
    } catch (MalformedException e) {
      return refused(request, caller, "body", String.valueOf(e.getMessage()));
    }
    return switch (identifier) {
      case SubjectIdentifier.Email _,
          SubjectIdentifier.IssuerSubject _,
          SubjectIdentifier.Opaque _ ->
          read(request, caller, proved, identifier);
      default -> refused(request, caller, "sub_id.format", identifier.format());
    };
  }

  private static SubjectIdentifier identifier(JsonObject body, Caller caller)
      throws MalformedException {
    var synonym = caller.synonym() ? body.object("subject") : Optional.<JsonObject>empty();
    var proper = body.object("sub_id");
    var one = proper.or(() -> synonym);
    if (one.isEmpty()) {
      throw new MalformedException("one 'sub_id' is needed");
    }
    var identifier = SubjectIdentifier.parse(one.get());
    if (synonym.isPresent() && !SubjectIdentifier.parse(synonym.get()).equals(identifier)) {
      throw new MalformedException("'sub_id' and 'subject' differ");
    }
    return identifier;
  }

  private Response read(
      Request request, Caller caller, Proved proved, SubjectIdentifier identifier) {
    return switch (SubjectReading.read(identifier, caller.trust())) {
      case Reading.Named(var subject) -> {
        var signal =
            new Signal(
                caller.identity().within(caller.trust().organisation()),
                proved.id().orElseGet(request::correlationId),
                subject,
                Happening.TOKENS_REVOKED,
                platform.clock().instant(),
                "called for by " + caller.identity().connection(),
                request.correlationId());
        yield accepted(request, caller, proved, signal);
      }
      case Reading.Nobody(var why) -> notFound(request, caller, why);
    };
  }

  /// The use of the caller's token and the kill are one transaction: a call that was cut off before
  /// it may be repeated, and one after it has been answered.
  private Response accepted(Request request, Caller caller, Proved proved, Signal signal) {
    var accepted =
        platform
            .database()
            .write(connection -> {
              if (proved.id().isPresent()
                  && !SeenTokens.first(
                      connection,
                      caller.identity().name(),
                      proved.id().get(),
                      proved.forgetAfter())) {
                return Optional.<Accepted>empty();
              }
              return Optional.of(revocation.accept(connection, List.of(signal)));
            });
    if (accepted.isEmpty()) {
      return unauthenticated(request, new Evidence("jti", "unused", "used", "GTR-4"));
    }
    accepted.get().enforce();
    return switch (accepted.get().reactions().getFirst()) {
      case Reaction.NotFound() -> answer(404, "no such user");
      case Reaction.Ambiguous(_) -> answer(422, "the user cannot be logged out");
      case Reaction.Done _, Reaction.AlreadyKnown _, Reaction.Outdated _, Reaction.Recorded _ ->
          Response.empty(204).noStore();
    };
  }

  private Response notFound(Request request, Caller caller, String why) {
    record(request, caller, new Evidence("sub_id", "one that the caller may name", why, "GTR-8"));
    return answer(404, "no such user");
  }

  private Response refused(Request request, Caller caller, String check, String actual) {
    record(request, caller, new Evidence(check, "as the draft has it", actual, "GTR-1"));
    return answer(400, "the request is malformed");
  }

  private void record(Request request, Caller caller, Evidence evidence) {
    var which = JsonObject.builder().put("source", caller.identity().name()).build();
    journal.refused(
        subject(request),
        new OAuthError(ErrorCode.INVALID_REQUEST, "nothing was revoked"),
        Findings.of(evidence).with(which));
  }

  private Response unauthenticated(Request request, Evidence evidence) {
    journal.refusedStranger(
        request,
        subject(request),
        new OAuthError(ErrorCode.INVALID_CLIENT, "the caller did not authenticate"),
        Findings.of(evidence));
    return answer(401, "the caller did not authenticate")
        .withHeader("WWW-Authenticate", "Bearer")
        .provedNothing();
  }

  private static Response answer(int status, String description) {
    return Response.json(
            status,
            JsonObject.builder()
                .put("error", status == 401 ? "invalid_token" : "invalid_request")
                .put("error_description", description)
                .build())
        .noStore();
  }

  private static Journal.Subject subject(Request request) {
    return new Journal.Subject("revocation.called", request.correlationId(), Optional.empty());
  }
}
