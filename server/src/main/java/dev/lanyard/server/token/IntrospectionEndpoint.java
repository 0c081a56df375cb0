package dev.lanyard.server.token;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import java.util.Optional;

/// `POST /introspect`: a resource server asks whether a token counts now.
///
/// Whatever is not an active token *for the caller* is `{"active":false}` and nothing more. A
/// successful answer is not audited: it grants nothing, and there is one for every call of a tool.
/// Who accepts it gets a signed answer (TOK-12).
///
/// @spec https://www.rfc-editor.org/rfc/rfc7662.html#section-2 RFC 7662 §2 (TOK-11)
public final class IntrospectionEndpoint {
  private static final JsonObject INACTIVE = JsonObject.builder().put("active", false).build();

  private final ClientIntake intake;
  private final ActiveTokens tokens;
  private final SignedIntrospection signed;
  private final Journal journal;

  public IntrospectionEndpoint(
      ClientIntake intake, ActiveTokens tokens, SignedIntrospection signed, Journal journal) {
    this.intake = intake;
    this.tokens = tokens;
    this.signed = signed;
    this.journal = journal;
  }

  /// The tokens of one server.
  @FunctionalInterface
  public interface ActiveTokens {
    /// What is to be said about a token; empty unless it is active now and this caller may know.
    Optional<JsonObject> describe(Client caller, Secret token);
  }

  public Response handle(Request request) {
    return switch (intake.read(request)) {
      case ClientIntake.Intake.Accepted(var form, var client) -> answered(request, client, form);
      case ClientIntake.Intake.Unserved unserved -> unserved.answered(request, journal);
    };
  }

  private Response answered(Request request, Client client, Form form) {
    if (!client.isConfidential()) {
      // Whoever only names itself is nobody, and would learn what every stolen token is worth.
      var error =
          new OAuthError(
              ErrorCode.INVALID_CLIENT, "introspection needs a client that proves itself");
      var evidence = new Evidence("client", "confidential", "public", "TOK-11");
      return refused(request, client, error, Findings.of(evidence));
    }
    return form.one("token")
        .map(token -> described(request, client, new Secret(token)))
        .orElseGet(() -> refused(request, client, missing(), noToken()));
  }

  private Response described(Request request, Client client, Secret token) {
    var answer = tokens.describe(client, token).orElse(INACTIVE);
    return (SignedIntrospection.isWanted(request)
            ? signed.response(client.id(), answer)
            : Response.json(200, answer))
        .noStore()
        .withHeader("Vary", "Accept");
  }

  private Response refused(Request request, Client client, OAuthError error, Findings findings) {
    journal.refused(request, subject(request, client), client, error, findings);
    return ErrorAnswers.answer(error, request);
  }

  private static Journal.Subject subject(Request request, Client client) {
    return new Journal.Subject(
        "token.introspect", request.correlationId(), Optional.of(client.id()));
  }

  private static OAuthError missing() {
    return new OAuthError(ErrorCode.INVALID_REQUEST, "parameter 'token' is missing");
  }

  private static Findings noToken() {
    return Findings.of(new Evidence("token", "a token", "none", "TOK-11"));
  }
}
