package dev.lanyard.client.mcp;

import dev.lanyard.client.Access;
import dev.lanyard.client.EmaClient;
import dev.lanyard.client.Hint;
import dev.lanyard.protocol.oauth.Secret;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.HttpRequestSnapshot;
import io.modelcontextprotocol.client.transport.customizer.McpHttpClientTransportAuthorizationErrorHandler;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Map;
import java.util.Optional;

/// Gives every request of an MCP client its token, and gets a new one when the server asks for it.
/// Thread-safe.
///
/// A refusal surfaces as [AccessRefusedException]: there is no silent way around it (CLI-34).
public final class EmaAuthorization {
  /// The name of the extension.
  public static final String EXTENSION = "io.modelcontextprotocol/enterprise-managed-authorization";

  private final EmaClient client;
  private final URI server;

  /// @param server the URL of the MCP server with its path, as it names itself
  public EmaAuthorization(EmaClient client, URI server) {
    this.client = client;
    this.server = server;
  }

  /// What an MCP client declares to say that it can do this (CLI-30).
  public static ClientCapabilities capabilities() {
    return ClientCapabilities.builder().extensions(Map.of(EXTENSION, Map.of())).build();
  }

  /// Puts itself into a transport to the server. The SDK's builder takes the path of the server
  /// separately, so it is set here.
  public HttpClientStreamableHttpTransport.Builder on(
      HttpClientStreamableHttpTransport.Builder transport) {
    return transport
        .endpoint(server.getRawPath())
        .addHttpRequestCustomizer((request, method, url, body, context) ->
            client.headersFor(server, method, url).forEach(request::setHeader))
        .authorizationErrorHandler(
            McpHttpClientTransportAuthorizationErrorHandler.fromSync(this::answer));
  }

  /// @return whether to send the request once more
  private boolean answer(
      HttpRequestSnapshot request, ResponseInfo response, McpTransportContext context) {
    var nonce = response.headers().firstValue("DPoP-Nonce");
    nonce.ifPresent(fresh -> client.useNonce(server, fresh));
    var hint = Hint.of(response.headers().allValues("WWW-Authenticate"), token(request.headers()));
    if (nonce.isPresent() && hint.wantsNonce()) {
      return true;
    }
    var access = client.accessTo(server, hint);
    if (!(access instanceof Access.Granted)) {
      throw new AccessRefusedException(server, access);
    }
    return true;
  }

  private static Optional<Secret> token(HttpHeaders headers) {
    return headers
        .firstValue("Authorization")
        .map(value -> new Secret(value.substring(value.indexOf(' ') + 1)));
  }
}
