package dev.lanyard.client;

import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// A request that an MCP server has refused with 401 or 403, whatever revision of MCP and whatever
/// HTTP client it was sent with. With the MCP Java SDK, [dev.lanyard.client.mcp.McpAuthorization]
/// does this.
///
/// @param status of the answer
/// @param challenges the values of every `WWW-Authenticate` header of the answer
/// @param nonce its `DPoP-Nonce` header
/// @param token that the request carried
public record RefusedRequest(
    int status, List<String> challenges, Optional<String> nonce, Optional<Secret> token) {
  /// How often one request is worth sending again: it may need a token, then a nonce, then more
  /// scopes, then a fresher sign-in, each of them once; and what is refused after all that is to be
  /// heard here.
  public static final int MOST_RETRIES = 5;

  public RefusedRequest {
    challenges = List.copyOf(challenges);
  }

  /// @param status as above
  /// @param challenges as above
  /// @param nonce as above
  /// @param authorization the `Authorization` header that the request carried
  public static RefusedRequest of(
      int status, List<String> challenges, Optional<String> nonce, Optional<String> authorization) {
    var token = authorization.map(value -> new Secret(value.substring(value.indexOf(' ') + 1)));
    return new RefusedRequest(status, challenges, nonce, token);
  }

  /// Obtains what the server demands. Blocks for the whole flow, and for the person if it comes to
  /// that. What no new token would mend is said at once, without asking anybody: 403 without scopes
  /// or a sign-in that would help, and what stays refused with a token that was just obtained for
  /// it.
  ///
  /// @return what stands in the way, never [Access.Granted]; empty if the request is worth sending
  ///   once more, with new [AccessSource#headersFor]
  public Optional<Access> overcome(AccessSource source, URI server) {
    nonce.ifPresent(fresh -> source.useNonce(server, fresh));
    var hint = Hint.of(status, challenges, token);
    if (nonce.isPresent() && hint.wantsNonce()) {
      return Optional.empty();
    }
    return Optional.of(source.accessTo(server, hint))
        .filter(access -> !(access instanceof Access.Granted));
  }
}
