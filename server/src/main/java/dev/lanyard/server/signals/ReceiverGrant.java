package dev.lanyard.server.signals;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.signals.SignalsConfig.Receiver;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult;
import java.util.List;
import java.util.Optional;

/// Gives the OAuth client of a receiver an access token for its stream, and for nothing else
/// (SSF-16): `ssf.read` to read and fetch, `ssf.manage` for everything.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 RFC 6749 §4.4
final class ReceiverGrant implements Grant {
  static final String READ = "ssf.read";
  static final String MANAGE = "ssf.manage";

  private final String base;
  private final ReceiverTokens tokens;

  /// @param base the URL below which streams are
  ReceiverGrant(String base, ReceiverTokens tokens) {
    this.base = base;
    this.tokens = tokens;
  }

  @Override
  public String event() {
    return "stream.token-issued";
  }

  @Override
  public TokenResult decide(TokenRequest request) {
    var client = request.client();
    var receiver = tokens.of(client.id());
    if (receiver.isEmpty() || !client.isConfidential()) {
      return refused(
          ErrorCode.UNAUTHORIZED_CLIENT,
          "no receiver of a stream is this client, or it does not authenticate",
          new Evidence("client", "a receiver's, confidential", client.id().value(), "SSF-16"));
    }
    return refusal(request, client).orElseGet(() -> withScopes(request, client, receiver.get()));
  }

  private Optional<TokenResult> refusal(TokenRequest request, Client client) {
    if (client.dpopRequired() || request.proof().isPresent()) {
      return Optional.of(
          refused(
              ErrorCode.INVALID_REQUEST,
              "tokens for streams are bearer tokens, without DPoP",
              new Evidence("DPoP", "no proof", "one", "SSF-16")));
    }
    var resources = request.form().all("resource");
    return resources.stream().allMatch(base::equals)
        ? Optional.empty()
        : Optional.of(
            refused(
                ErrorCode.INVALID_TARGET,
                "the only resource here is " + base,
                new Evidence("resource", base, resources.toString(), "SSF-16")));
  }

  private TokenResult withScopes(TokenRequest request, Client client, Receiver receiver) {
    var may = receiver.mayManage() ? Scopes.of(READ, MANAGE) : Scopes.of(READ);
    var asked = request.form().one("scope");
    try {
      var given = asked.isEmpty() ? may : Scopes.parse(asked.get());
      if (!given.isEmpty() && may.containsAll(given)) {
        return issued(client, receiver, given);
      }
    } catch (MalformedException e) {
      // As one that the receiver may not have.
    }
    return refused(
        ErrorCode.INVALID_SCOPE,
        "this receiver may have " + may,
        new Evidence("scope", may.toString(), asked.orElse("none"), "SSF-16"));
  }

  private TokenResult issued(Client client, Receiver receiver, Scopes scopes) {
    var made = tokens.make(receiver, client.id(), scopes.contains(MANAGE));
    var response =
        JsonObject.builder()
            .put("access_token", made.secret().reveal())
            .put("token_type", "Bearer")
            .put("expires_in", ReceiverTokens.LIFE.toSeconds())
            .put("scope", scopes.toString())
            .build();
    var evidence =
        JsonObject.builder()
            .put("receiver", receiver.name())
            .put("scope", scopes.toString())
            .build();
    return TokenResult.Issued.of(response, List.of(made.row()), Findings.of(evidence));
  }

  private static TokenResult refused(ErrorCode code, String description, Evidence evidence) {
    return TokenResult.Refused.of(code, description, evidence);
  }
}
