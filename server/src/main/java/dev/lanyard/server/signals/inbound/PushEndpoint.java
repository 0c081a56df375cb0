package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.signals.inbound.EventReceiver.Receipt;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// `POST /signals/events/{source}`: a transmitter pushes one security event. It is answered with
/// 202 when the event is durable here and, if it is a kill, in force.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8935.html#section-2 RFC 8935 §2 (SSF-20)
final class PushEndpoint {
  private final Map<String, EventSource> sources;
  private final EventReceiver receiver;
  private final Journal journal;

  PushEndpoint(Map<String, EventSource> sources, EventReceiver receiver, Journal journal) {
    this.sources = Map.copyOf(sources);
    this.receiver = receiver;
    this.journal = journal;
  }

  Response handle(Request request) {
    var source = Optional.ofNullable(sources.get(request.pathParameter("source")));
    if (source.isEmpty()) {
      return SetError.answer(404, "access_denied", "nobody is listened to here").provedNothing();
    }
    if (!source.get().authenticates(request)) {
      var evidence = new Evidence("Authorization", "as configured", "another", "SSF-20");
      return refused(request, source.get(), 401, SetError.AUTHENTICATION_FAILED, evidence)
          .withHeader("WWW-Authenticate", "Bearer realm=\"signals\"");
    }
    if (!request.contentType().equals(Optional.of(SecurityEventToken.MEDIA_TYPE))) {
      var evidence =
          new Evidence(
              "Content-Type",
              SecurityEventToken.MEDIA_TYPE,
              request.contentType().orElse("none"),
              "SSF-20");
      return refused(request, source.get(), 400, SetError.INVALID_REQUEST, evidence);
    }
    var token = new String(request.body(), StandardCharsets.UTF_8).strip();
    return switch (receiver.take(source.get(), token, request.correlationId())) {
      case Receipt.Taken() -> Response.empty(202).noStore();
      case Receipt.Refused(var error, var evidence) ->
          refused(request, source.get(), 400, error, evidence);
      case Receipt.Later(var why) -> later(request, source.get(), why);
    };
  }

  private Response refused(
      Request request, EventSource source, int status, String error, Evidence evidence) {
    var which = JsonObject.builder().put("source", source.identity().name()).build();
    journal.refusedStranger(
        request,
        subject(request),
        new OAuthError(ErrorCode.INVALID_REQUEST, "the event was refused"),
        Findings.of(evidence).with(which));
    return SetError.answer(
            status, error, "the event was refused; correlation id " + request.correlationId())
        .provedNothing();
  }

  /// 503, not 400: the transmitter must not drop what we could not judge.
  private Response later(Request request, EventSource source, String why) {
    journal.unavailableToStranger(
        request,
        subject(request),
        Findings.of(
            JsonObject.builder()
                .put("source", source.identity().name())
                .put("outage", why)
                .build()));
    return SetError.answer(503, "temporarily_unavailable", "keys cannot be had now, try again")
        .withHeader("Retry-After", "10");
  }

  private static Journal.Subject subject(Request request) {
    return new Journal.Subject("event.received", request.correlationId(), Optional.empty());
  }
}
