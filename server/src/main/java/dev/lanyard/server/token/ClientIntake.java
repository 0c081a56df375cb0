package dev.lanyard.server.token;

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
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import java.util.Optional;
import java.util.Set;

/// The first steps of every endpoint for clients: this node knows what has changed, the form is
/// well-formed (TOK-1), the client is who it says.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2 RFC 6749 §3.2
public final class ClientIntake {
  private static final String FORM = "application/x-www-form-urlencoded";

  /// `audience` is let through here, so that the refusal of a second one can say why (IDP-5).
  private static final Set<String> REPEATABLE = Set.of("resource", "audience");

  private final ClientAuthenticator authenticator;
  private final ChangeFeed changes;
  private final Halt halt;

  public ClientIntake(ClientAuthenticator authenticator, ChangeFeed changes, Halt halt) {
    this.authenticator = authenticator;
    this.changes = changes;
    this.halt = halt;
  }

  /// What an administrator has stopped here.
  Halt halt() {
    return halt;
  }

  /// What became of a request.
  public sealed interface Intake {
    /// The form is well-formed and the client has authenticated; nothing else is checked.
    record Accepted(Form form, Client client) implements Intake {}

    /// Not served, and recorded so.
    sealed interface Unserved extends Intake {
      /// Records it, unless there are too many such, and answers.
      Response answered(Request request, Journal journal);
    }

    /// To be answered with this error.
    record Refused(OAuthError error, Findings findings) implements Unserved {
      @Override
      public Response answered(Request request, Journal journal) {
        journal.refusedStranger(request, unproved(request), error, findings);
        return ErrorAnswers.answer(error, request).provedNothing();
      }
    }

    /// Nobody can say who it is. It does not count against anybody.
    record Undecided(OAuthError error, Findings findings) implements Unserved {
      @Override
      public Response answered(Request request, Journal journal) {
        journal.unavailableToStranger(request, unproved(request), findings);
        return ErrorAnswers.answer(error, request);
      }
    }

    /// This node may have missed that somebody was disabled.
    record Stale() implements Unserved {
      @Override
      public Response answered(Request request, Journal journal) {
        return ErrorAnswers.unavailable(request);
      }
    }

    private static Journal.Subject unproved(Request request) {
      return new Journal.Subject("client.refused", request.correlationId(), Optional.empty());
    }
  }

  /// How decisions end, by what this node knows.
  Conclusion concluding(Journal journal) {
    return new Conclusion(journal, changes);
  }

  /// Reads a request. May block to record a client assertion.
  public Intake read(Request request) {
    if (Conclusion.staleSince(changes).isPresent()) {
      return new Intake.Stale();
    }
    if (!request.contentType().equals(Optional.of(FORM))) {
      return malformed("content-type", FORM, request.contentType().orElse("none"));
    }
    if (!request.query().isEmpty()) {
      return malformed("query", "no parameters in the URL", "some");
    }
    try {
      return authenticate(request, Form.parse(request.body(), REPEATABLE));
    } catch (MalformedException e) {
      return malformed("form", "each parameter once, UTF-8", e.getMessage());
    }
  }

  private Intake authenticate(Request request, Form form) {
    return switch (authenticator.authenticate(presented(request, form))) {
      case ClientAuthenticator.Authenticated(var client) when halt.client(client.id()) ->
          new Intake.Refused(
              new OAuthError(ErrorCode.INVALID_CLIENT, "this client has been disabled"),
              Findings.of(new Evidence("client", "enabled", "disabled", "DPR-1"))
                  .with(claimed(Optional.of(client.id()))));
      case ClientAuthenticator.Authenticated(var client) -> new Intake.Accepted(form, client);
      case ClientAuthenticator.Failed(var error, var evidence, var claimed) ->
          new Intake.Refused(error, Findings.of(evidence).with(claimed(claimed)));
      case ClientAuthenticator.Undecided(var error, var evidence, var claimed) ->
          new Intake.Undecided(error, Findings.of(evidence).with(claimed(claimed)));
    };
  }

  /// Who the sender says it is: nobody has proved it, so it is evidence and not the client.
  private static JsonObject claimed(Optional<ClientId> claimed) {
    return JsonObject.builder()
        .putIfPresent("claimed_client", claimed.map(ClientId::value))
        .build();
  }

  private static Presented presented(Request request, Form form) {
    return new Presented(request.headers("Authorization"), form, request.source());
  }

  private static Intake malformed(String check, String expected, String actual) {
    return new Intake.Refused(
        new OAuthError(ErrorCode.INVALID_REQUEST, "the request must be a form: " + expected),
        Findings.of(new Evidence(check, expected, actual, "TOK-1")));
  }
}
