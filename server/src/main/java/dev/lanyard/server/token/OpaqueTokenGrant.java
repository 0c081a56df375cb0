package dev.lanyard.server.token;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.clients.Client;
import java.util.List;
import java.util.Optional;

/// Gives OAuth clients access tokens for one service of this process, and for nothing else: bearer
/// tokens for a quarter of an hour. Who may have one, and for what, the service says.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 RFC 6749 §4.4
public final class OpaqueTokenGrant implements Grant {
  private final Service service;
  private final OpaqueClientTokens tokens;

  public OpaqueTokenGrant(Service service, OpaqueClientTokens tokens) {
    this.service = service;
    this.tokens = tokens;
  }

  /// What the tokens are for.
  ///
  /// @param event the type of the audit record
  /// @param base the one resource that may be named
  /// @param holder what whoever holds a token is called in the audit record
  /// @param requirement whose refusals these are
  /// @param holders knows who may have one
  public record Service(
      String event, String base, String holder, String requirement, Holders holders) {}

  /// Knows in whose name a client comes.
  @FunctionalInterface
  public interface Holders {
    Standing of(Client client);
  }

  /// Whether a client may have a token.
  public sealed interface Standing {
    /// @param name in whose name it holds it
    /// @param scopes all that it may have, and has if it does not ask for less
    record Holder(String name, Scopes scopes) implements Standing {}

    record NotOne(TokenResult.Refused refused) implements Standing {}
  }

  @Override
  public String event() {
    return service.event();
  }

  @Override
  public TokenResult decide(TokenRequest request) {
    return switch (service.holders().of(request.client())) {
      case Standing.Holder holder -> refusal(request).orElseGet(() -> withScopes(request, holder));
      case Standing.NotOne(var refused) -> refused;
    };
  }

  private Optional<TokenResult> refusal(TokenRequest request) {
    if (request.client().dpopRequired() || request.proof().isPresent()) {
      return Optional.of(
          refused(
              ErrorCode.INVALID_REQUEST,
              "tokens for this service are bearer tokens, without DPoP",
              "DPoP",
              "no proof",
              "one"));
    }
    var resources = request.form().all("resource");
    return resources.stream().allMatch(service.base()::equals)
        ? Optional.empty()
        : Optional.of(
            refused(
                ErrorCode.INVALID_TARGET,
                "the only resource here is " + service.base(),
                "resource",
                service.base(),
                resources.toString()));
  }

  private TokenResult withScopes(TokenRequest request, Standing.Holder holder) {
    var asked = request.form().one("scope");
    try {
      var given = asked.isEmpty() ? holder.scopes() : Scopes.parse(asked.get());
      if (!given.isEmpty() && holder.scopes().containsAll(given)) {
        return issued(request.client(), holder.name(), given);
      }
    } catch (MalformedException e) {
      // As one that it may not have.
    }
    return refused(
        ErrorCode.INVALID_SCOPE,
        "this client may have " + holder.scopes(),
        "scope",
        holder.scopes().toString(),
        asked.orElse("none"));
  }

  private TokenResult issued(Client client, String holder, Scopes scopes) {
    var made = tokens.make(holder, client.id(), scopes);
    var response =
        JsonObject.builder()
            .put("access_token", made.secret().reveal())
            .put("token_type", "Bearer")
            .put("expires_in", OpaqueClientTokens.LIFE.toSeconds())
            .put("scope", scopes.toString())
            .build();
    var evidence =
        JsonObject.builder().put(service.holder(), holder).put("scope", scopes.toString()).build();
    return TokenResult.Issued.of(response, List.of(made.row()), Findings.of(evidence));
  }

  private TokenResult refused(
      ErrorCode code, String description, String check, String expected, String actual) {
    return TokenResult.Refused.of(
        code, description, new Evidence(check, expected, actual, service.requirement()));
  }
}
