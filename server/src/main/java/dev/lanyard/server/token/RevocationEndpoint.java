package dev.lanyard.server.token;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import java.util.Optional;

/// `POST /revoke`: a client gives back what was issued to it.
///
/// A token that is unknown, or another client's, is answered with 200 as well: nobody learns from
/// here what there is. An ID-JAG is of a type that cannot be revoked (TOK-10).
///
/// @spec https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2
public final class RevocationEndpoint {
  private final ClientIntake intake;
  private final RevocableTokens tokens;
  private final Journal journal;

  public RevocationEndpoint(ClientIntake intake, RevocableTokens tokens, Journal journal) {
    this.intake = intake;
    this.tokens = tokens;
    this.journal = journal;
  }

  /// The tokens of one server.
  @FunctionalInterface
  public interface RevocableTokens {
    /// Revokes a token, and whatever was issued on the same grant, if it was issued to this client.
    /// When it returns, the revocation is durable and in force on this node.
    ///
    /// @return what was found, for the audit record
    Findings revoke(Client client, Secret token, String correlationId);
  }

  public Response handle(Request request) {
    return switch (intake.read(request)) {
      case ClientIntake.Intake.Accepted(var form, var client) ->
          form.one("token")
              .map(token -> revoked(request, client, new Secret(token)))
              .orElseGet(() -> refused(request, client, missing(), noToken()));
      case ClientIntake.Intake.Unserved unserved -> unserved.answered(request, journal);
    };
  }

  private Response revoked(Request request, Client client, Secret token) {
    if (isIdJag(token)) {
      return refused(request, client, unsupported(), unsupportedType());
    }
    var findings = tokens.revoke(client, token, request.correlationId());
    var about = subject(request, client);
    if (findings.mayBeAnybodys(client)) {
      journal.allowedStranger(request, about, findings);
    } else {
      journal.allowed(about, findings);
    }
    return Response.empty(200).noStore();
  }

  private Response refused(Request request, Client client, OAuthError error, Findings findings) {
    journal.refused(request, subject(request, client), client, error, findings);
    return ErrorAnswers.answer(error, request);
  }

  private static Journal.Subject subject(Request request, Client client) {
    return new Journal.Subject("token.revoke", request.correlationId(), Optional.of(client.id()));
  }

  private static OAuthError missing() {
    return new OAuthError(ErrorCode.INVALID_REQUEST, "parameter 'token' is missing");
  }

  /// Nobody may take it for dead that has been answered with 200: whoever holds it redeems it.
  private static boolean isIdJag(Secret token) {
    try {
      return UnverifiedJwt.parse(token.reveal()).unverifiedType().equals(Optional.of(IdJag.TYPE));
    } catch (MalformedException e) {
      return false;
    }
  }

  private static OAuthError unsupported() {
    return new OAuthError(
        ErrorCode.UNSUPPORTED_TOKEN_TYPE,
        "an ID-JAG cannot be revoked; revoke what it was issued on");
  }

  private static Findings unsupportedType() {
    return Findings.of(new Evidence("typ", "of a token that can be revoked", IdJag.TYPE, "TOK-10"));
  }

  private static Findings noToken() {
    return Findings.of(new Evidence("token", "a token", "none", "TOK-10"));
  }
}
