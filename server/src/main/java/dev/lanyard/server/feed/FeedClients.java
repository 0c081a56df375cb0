package dev.lanyard.server.feed;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.Halt;
import dev.lanyard.server.clients.authentication.ClientAuthenticator;
import dev.lanyard.server.clients.authentication.Presented;
import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.token.ErrorAnswers;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.util.Optional;

/// Who may follow the event feed: the clients of resource servers, those that may introspect, with
/// their secret in the header (SSF-16). The body is JSON, so no proof can stand in it.
final class FeedClients {
  private static final Form NO_FORM = Form.builder().build();

  private final ClientAuthenticator authenticator;
  private final ChangeFeed changes;
  private final Halt halt;
  private final Journal journal;

  FeedClients(ClientAuthenticator authenticator, ChangeFeed changes, Halt halt, Journal journal) {
    this.authenticator = authenticator;
    this.changes = changes;
    this.halt = halt;
    this.journal = journal;
  }

  /// What an authenticated resource server wants.
  @FunctionalInterface
  interface Wish {
    /// @throws MalformedException if the request is; it is answered with 400
    Response of(Client client) throws MalformedException;
  }

  Response authenticated(Request request, Wish wish) {
    if (changes.freshness() instanceof Freshness.Stale) {
      return ErrorAnswers.unavailable(request);
    }
    var presented = new Presented(request.headers("Authorization"), NO_FORM, request.source());
    return switch (authenticator.authenticate(presented)) {
      case ClientAuthenticator.Failed(var error, var evidence, var claimed) ->
          unproved(request, error, evidence, claimed);
      case ClientAuthenticator.Undecided(var error, var evidence, var claimed) -> {
        journal.unavailableToStranger(
            request, unproved(request), Findings.of(evidence).with(named(claimed)));
        yield ErrorAnswers.answer(error, request);
      }
      case ClientAuthenticator.Authenticated(var client) when halt.client(client.id()) ->
          unproved(
              request,
              new OAuthError(ErrorCode.INVALID_CLIENT, "this client has been disabled"),
              new Evidence("client", "enabled", "disabled", "DPR-1"),
              Optional.of(client.id()));
      case ClientAuthenticator.Authenticated(var client)
          when !client.isConfidential() || client.permissions().mayIntrospect().isEmpty() ->
          stranger(request, client);
      case ClientAuthenticator.Authenticated(var client) -> {
        try {
          yield wish.of(client);
        } catch (MalformedException e) {
          yield malformed(String.valueOf(e.getMessage()));
        }
      }
    };
  }

  private Response unproved(
      Request request, OAuthError error, Evidence evidence, Optional<ClientId> claimed) {
    journal.refusedStranger(
        request, unproved(request), error, Findings.of(evidence).with(named(claimed)));
    boolean isTooOften = error.code() == ErrorCode.TEMPORARILY_UNAVAILABLE;
    var answer =
        isTooOften
            ? ErrorAnswers.answer(error, request)
            : error(401, "authentication_failed", "client authentication failed: send HTTP Basic")
                .withHeader("WWW-Authenticate", "Basic realm=\"lanyard\"");
    return answer.provedNothing();
  }

  private static Journal.Subject unproved(Request request) {
    return new Journal.Subject("client.refused", request.correlationId(), Optional.empty());
  }

  private static JsonObject named(Optional<ClientId> claimed) {
    return JsonObject.builder()
        .putIfPresent("claimed_client", claimed.map(ClientId::value))
        .build();
  }

  private Response stranger(Request request, Client client) {
    var error = new OAuthError(ErrorCode.UNAUTHORIZED_CLIENT, "the feed is for resource servers");
    var evidence =
        new Evidence("client", "a resource server that proves itself", "another", "SSF-16");
    journal.refused(
        request, subject(request, client, "feed.refused"), client, error, Findings.of(evidence));
    return error(403, "access_denied", "the feed is for resource servers");
  }

  static Journal.Subject subject(Request request, Client client, String event) {
    return new Journal.Subject(event, request.correlationId(), Optional.of(client.id()));
  }

  /// @spec https://www.rfc-editor.org/rfc/rfc8936.html#section-2.4.4 RFC 8936 §2.4.4
  static Response error(int status, String error, String description) {
    return Response.json(
            status, JsonObject.builder().put("err", error).put("description", description).build())
        .withHeader("Content-Language", "en")
        .noStore();
  }

  static Response malformed(String description) {
    return error(400, "invalid_request", description);
  }

  /// A feed of somebody else is as unknown as none.
  static Response noFeed() {
    return error(404, "not_found", "this client has no such stream; it may have been forgotten");
  }

  static Response ok(JsonObject body) {
    return Response.json(200, body).noStore();
  }
}
